"""Qt's own dialogs speak the person's language."""

import subprocess
import sys

SAYS = """
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from aigc_studio import app, translation
application = QApplication([])
translation.set_language("zh_CN")
app._translate_qt(application)
dialog = QFileDialog()
dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
print([label.text() for label in dialog.findChildren(QLabel)])
"""


def test_no_label_of_qts_file_dialog_is_left_in_english() -> None:
    told = subprocess.run(
        [sys.executable, "-c", SAYS], capture_output=True, encoding="utf-8", check=True
    ).stdout
    for place in ("查找范围", "文件名称", "文件类型"):
        assert place in told
