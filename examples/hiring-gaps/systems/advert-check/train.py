"""Fits the word classifier of the advert check on advertisements that were marked by hand."""

import pathlib

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

MARKED = pathlib.Path("/srv/advert-check/marked.tsv")
MODEL = pathlib.Path("/srv/advert-check/words.joblib")

lines = [line.split("\t") for line in MARKED.read_text().splitlines()]
model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
model.fit([text for text, _ in lines], [mark for _, mark in lines])
joblib.dump(model, MODEL)
