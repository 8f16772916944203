"""How languages are written, as far as that tells encodings apart: their letters beyond ASCII and
some short words that stand in nearly every sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """`letters` beyond ASCII and `plain` ones of it (all of them or none), those written most often
    first, and `words` that come everywhere."""

    letters: str
    words: frozenset[str]
    plain: str = ""


def _language(letters: str, words: str, plain: str = "") -> Language:
    return Language(letters, frozenset(words.split()), plain)


ENGLISH = _language(
    "éèïêöçñôâüàäëáíóú",
    "the of and to in is was that for on with as it he she his her at by be this are from or had "
    "not have an they which you were there been one all we their has would when who will no if so "
    "what up said out about into than them can only some could time my then do me like a i",
    "etaoinshrdlcumwfgypbvkjxqz",
)
WESTERN = (
    ENGLISH,
    _language(
        "éèàêçâîôùûïœëüæÿ",
        "le la les de des du un une et est en que qui dans pour pas sur au aux par plus "
        "ne se ce il "
        "elle je nous vous ils son sa ses avec mais ou où à été était même très après "
        "sont être d l",
        "esaitnrulodcpmvqfbghjxyzwk",
    ),
    _language(
        "üäößé",
        "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es "
        "an er so dass daß sie nach wird bei einer um am sind noch wie über einem war ich wir aus "
        "aber mein hat durch zur zum vom nur",
        "enisratdhulcgmobwfkzvpjyxq",
    ),
    _language(
        "óíáéñúü",
        "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus "
        "le ha me sin sobre este ya entre cuando todo está muy había también fue era hasta desde",
        "eaosrnidlctumpbgyvqhfzjxkw",
    ),
    _language(
        "ãáéçíóõêâàúôü",
        "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das "
        "seu sua ou quando muito nos já eu também só pelo pela até isso ela entre é está são você",
        "aeosrindmutclpvghqbfzjxkyw",
    ),
    _language(
        "èàòùéìÀÈ",
        "di e il la che in un a per è una sono del non con si da le al dei i come lo più della nel "
        "ma ha alla gli su delle anche se ci ho questo perché qui là già così può dal c l",
        "eaionlrtscdupmvghfbqzkjxyw",
    ),
    _language(
        "äöåé",
        "och i att det som en på är av för med den till inte har de ett om hon han men "
        "var sig från "
        "vi så kan när år jag du där här eller nu efter vid mot skulle ut upp under",
        "eantrslidomgkvhfupbcyjxwzq",
    ),
    _language(
        "åøæéöòóôêäü",
        "og i det er en at på til av af som for med de den han ikke var et har om hun seg sig fra "
        "jeg vi men så kan når der å eller nå nu etter efter ved mot mod ble blev skal vil dem dig "
        "deg under over ut ud opp op",
        "erntdasiglomkvufhpbjyczwxq",
    ),
    _language(
        "äöåšž",
        "ja on ei se että hän oli mutta ovat joka kun niin kuin myös tai ole hänen sen "
        "minä sinä ne "
        "jos vain nyt mitä olen olla sitten koko kaikki",
        "aintesloukmvhrjpydgbfcwzxq",
    ),
    _language(
        "áðíþéöóæúý",
        "og að í á er það sem til var við með en ekki um hann af hún ég þú fyrir þetta ef frá eru "
        "því þá hefur eftir þegar svo mér sér upp úr út hér nú",
        "narieustgmdlhkfvobpyjxcwzq",
    ),
    _language(
        "ëéïöèüêçó",
        "de het een en van in is dat op te zijn met voor niet die aan er om ook als dan "
        "maar bij uit "
        "nog naar hij zij wij ik je wordt door over ze zich was heeft",
        "enatirodslghvkmubpwjzcfxyq",
    ),
    _language(
        "éàóòèçíúïü·",
        "de la que i el en a les els per amb un una no és del al es d l s va són com més dels però "
        "ha seu seva aquest aquesta també molt quan si o ens què on fa tot",
        "eaisrnltcoudmpvgbfqhjxyzkw",
    ),
    _language(
        "äõüöšž",
        "ja on ei et ta see oli mis ma kui ka ning oma aga selle siis tema nii või nad "
        "välja ära kes "
        "üle veel",
        "aieslutnkdmovrjhgpbfcyxwzq",
    ),
)
CENTRAL = (
    ENGLISH,
    _language(
        "łąęóżśćńź",
        "w i na z nie do się że to jest o jak po co ale za od przez go tak już dla tym "
        "tego czy był "
        "była przy może ich są mnie ma tylko jego jej gdy gdzie było bardzo kiedy",
        "aioenzrwsctykdpmulbgjhfqvx",
    ),
    _language(
        "íáěéřžčýšůúňóťď",
        "a se v na je že to s z do o i si ale jako za by k od po už jsem tak jsou který "
        "pro když být "
        "jeho byl byla bylo co až jen má u ve své při není kde můj",
        "oenatlvsirkdpmuzcjbhyfgxwq",
    ),
    _language(
        "áíéžčýšúľťňôďóäŕĺ",
        "a sa v na je že to s z do o i si ale ako za by k od po už som tak sú ktorý pre keď byť "
        "jeho bol bola bolo čo až len má u vo svoje pri nie kde môj",
        "aoeinvrsltkdcmupzjbyhfgxwq",
    ),
    _language(
        "áéöőóüíűú",
        "a az és hogy nem is egy ez de van volt csak meg már ha el azt ki mint még le be fel azért "
        "pedig vagy én ő te mi ezt olyan nagyon kell lehet nincs után",
        "eatlnskrzogmibdvhjyfpucwxq",
    ),
    _language(
        "ăîţşâ",
        "de a şi în la cu nu o un pe din că se este sunt mai să care ce pentru fi al ei lui am ca "
        "au i-a era dar după fost prin foarte când îl te ne unde sau",
        "eiarntulcosdpmfvgbzhxjkyqw",
    ),
    _language(
        "čšžćđ",
        "i u je se na da za su s od ne a o to kako koji što sam bio bila iz ali ga kao po nije će "
        "već bilo do ili tako samo sve mu in v pa ki ni tudi še bi pri iz",
        "aioenjrstdukvlmpgbzchfxywq",
    ),
)
TURKISH = (
    ENGLISH,
    _language(
        "ıüşğçöİâîû",
        "ve bir bu da de için ne o ile çok gibi daha var ama kadar en sonra ben olarak diye ki "
        "olan değil mi ya her şey iki hiç oldu sen onu bana",
        "aenirlkdmytusbozvghcpfjwxq",
    ),
)
CYRILLIC = (
    _language(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        "и в не на я что он с как это по но они к у мы из за то же она так его все был было от о "
        "вы бы только ещё мне ты уже для когда меня",
    ),
    _language(
        "оаинвертіслкупдмяьзбгйчюхцїжєшщфґ",
        "і в не на я що він з як це по але вони до у ми із за то та вона так його все був було від "
        "ви про й є ще мені ти вже для коли",
    ),
    _language(
        "аеиоткнсврлпмдзбугъчяжщцхшйюфь",
        "и в не на да се е за от си ще той как но са по то аз че с му тя го това като ми или беше "
        "до във ли кой още",
    ),
    _language(
        "аоиенсрјутдкмвлпзбгчшцжћљњхђџфѓќѕ",
        "и у је се на да за су с од не а о то како који што сам био из али га као по није ће већ "
        "било до или само све ми он она нашто во од го",
    ),
    _language(
        "аеіонрлстквдымпяузьбгцшчыўжйюхэфё",
        "і у не на я што ён з як гэта па але яны да мы за то ж яна так яго усё быў было ад вы пра",
    ),
)
GREEK = (
    _language(
        "αοιετσνηυρπκμλςωάίέόδγήχθφύώβξζψϊϋΐΰ",
        "και το να η ο του της την τη των τα στο θα με για είναι που δεν από μου τον οι ένα σε μας "
        "στην στη τους κι αλλά ή αυτό ως τις πως όλα ήταν",
    ),
)
HEBREW = (
    _language(
        "יוהלאתרבשמםנחדקעכפטןגסזצךףץּׁׂ",
        "של את על לא זה הוא היא עם כל אני מה יש גם או אם כי אל היה אבל אין רק כך עוד הם אתה לי לו",
    ),
)
ARABIC = (
    _language(
        "اليمنوتربهةعدسفكقحجأىشصطخإذزضثغءئظؤآ،؟ًٌٍَُِّْپچژگک",
        "في من على إلى أن لا ما هو هي كان هذا هذه عن مع التي الذي كل قد لم أو ثم بعد بين "
        "ذلك كانت و "
        "در به که از را این با است",
    ),
)
THAI = (_language("านรอกเ่ง้มยลวดัทสตีปิคบ์ห็แจไชพืขึูุผำะโใซถธศญณฟฉภฐฎฝๆ๊๋ฮษฏฑฒฌฆ๑๒๓๔๕๖๗๘๙๐", ""),)

# Signs of the wide writings, which need no words to be known.
KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC)))
EAST = "，。、！？：；“”‘’「」『』（）《》…—　・～０１２３４５６７８９"
SIMPLIFIED = (
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对"
    "可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公"
    "同三已老从动两长知样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名"
    "定女问力机给等几很业最间新什打便位因重被走电四第门相次东海口使教西再平真听世气信少关并内加化"
    "由却代入先山五太水万市眼体别处总才场师书比住员笑性通目报立马命张活难神数件安表原车白应路期叫"
    "死常感金何更反合放做系计或利受光王果亲界及今务解各物边共风接它许特觉望直服林题南度色字请交爱"
    "让认论百吃怎结思每青花快条变言往近留红夜春晓雨鸟落床霜举低故乡"
)
TRADITIONAL = (
    "的一是不了人我在有他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對"
    "可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公"
    "同三已老從動兩長知樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名"
    "定女問力機給等幾很業最間新什打便位因重被走電四第門相次東海口使教西再平真聽世氣信少關並內加化"
    "由卻代入先山五太水萬市眼體別處總才場師書比住員笑性通目報立馬命張活難神數件安表原車白應路期叫"
    "死常感金何更反合放做系計或利受光王果親界及今務解各物邊共風接它許特覺望直服林題南度色字請交愛"
    "讓認論百吃怎結思每青花快條變言往近留紅夜春曉雨鳥落床霜舉低故鄉"
)
KANJI = (
    "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北"
    "百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨国会社事自者地業方新場員"
    "立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売"
    "知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀"
    "早映親験英医仕去味写字答夜音注帰歌悪図室歩風紙黒花春赤青館屋色走秋夏習洋旅服夕借曜飲肉貸堂"
    "無名前猫所見当"
)
HANGUL = (
    "이다는의에가을를고하지은로한도기사나대어리자시아그인서것으해과들스라보수일정부만제전성장와있"
    "었면우여구무게적주년니안했상거아원위동공말되습내없생각때모오유경조소방신비세치바러던여려라까"
    "마음중학국실문화개연현관선며계속같또로된였저너른좋함께갑날씨그녀답알매침삼살않지았두중요"
)
EVERY_LETTER = frozenset(
    EAST + KANA + SIMPLIFIED + TRADITIONAL + KANJI + HANGUL
    + "".join(
        language.letters
        for group in (WESTERN, CENTRAL, TURKISH, CYRILLIC, GREEK, HEBREW, ARABIC, THAI)
        for language in group
    )
)  # fmt: skip
"""What is usual in some writing."""
