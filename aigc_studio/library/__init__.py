"""What is kept on disk: datasets, sample packs, models, trainings. No Qt.

`readers` and `checks` look at a person's files, `datasets` keeps examples, `packs` fetches sample
data, `models` keeps what training made, `trainings` what is under way.
"""
