"""Trains the ranking model from applications with the judgement of the recruiter who read them."""

import argparse
import hashlib
import pathlib

import lightgbm
import pandas

LEFT_OUT = ["name", "photo", "birth_year", "sex", "address"]


def split(applicant: str) -> str:
    """The side of an applicant, always the same one, so that nobody is on both."""
    first = hashlib.sha256(applicant.encode()).digest()[0]
    return "train" if first < 205 else "validation"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--applications", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    given = arguments.parse_args()

    table = pandas.read_parquet(given.applications).drop(columns=LEFT_OUT, errors="ignore")
    side = table.pop("applicant_id").map(split)
    judgement = table.pop("suitable")
    train = lightgbm.Dataset(table[side == "train"], judgement[side == "train"])
    validation = lightgbm.Dataset(table[side == "validation"], judgement[side == "validation"], reference=train)
    model = lightgbm.train(
        {"objective": "lambdarank", "max_depth": 4, "seed": 7, "deterministic": True},
        train,
        num_boost_round=300,
        valid_sets=[validation],
    )
    model.save_model(given.out)


if __name__ == "__main__":
    main()
