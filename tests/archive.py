"""Write an archive of invented digests of any length, the same bytes for the same numbers.

    python tests/archive.py FOLDER --days 1328 --papers 3

A day depends on its own number alone, so a longer archive begins with a shorter one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from pathlib import Path

FIRST_DAY = dt.date(2020, 1, 1)
_ENGLISH = (
    "model training reward policy attention sparse scaling token retrieval vision alignment preference "
    "diffusion speech robust benchmark latent kernel gradient quantised inference memory expert routing "
    "reasoning planning agent search proof bound sample efficient large small deep linear recurrent mixture "
    "encoder decoder contrastive instruction prompt feedback loss entropy calibration noise convergence"
).split()
_KOREAN = (
    "모델 학습 데이터 보상 정책 토큰 문맥 검색 정렬 선호 확산 평가 잠재 그래프 양자화 추론 "
    "메모리 전문가 생성 계획 도구 탐색 증명 효율 선형 상태 혼합 표현 대조 지시 피드백 손실 "
    "보정 잡음 수렴 인과 재미있네요 흥미롭습니다 보입니다"
).split()
_GIVEN = "Ada Béla Chen Dana Éric Fatima Grace Hana Ivo Jisoo Kofi Léa Minh Nour Ömer Priya Søren Zoë".split()
_FAMILY = (
    "Lovelace Turing Kim Nguyễn García Müller Okafor Sato Łukasz O'Neil Wang van-Dyke Rossi Haddad".split()
)
_TAGS = (
    "rlhf llm pretraining reasoning vision-language diffusion safety moe state_space_model c++ 정렬".split()
)
_ODD = (
    "A & B gain 3.5% at $O(n^{2})$ cost.",
    "Use \\lambda_1 > 0 and x < y.",
    "It saves $1,000 (~40%), #1 of 5.",
)


def day_text(number: int, papers: int) -> tuple[dt.date, str]:
    """Return the date and the text of one day with about ``papers`` papers."""
    chance = random.Random(f"day {number}")  # noqa: S311 - it must be repeatable, not secret
    date = FIRST_DAY + dt.timedelta(days=number)
    lines = [date.isoformat()]
    for _ in range(max(1, papers + chance.choice((-1, 0, 0, 1)))):
        lines += _paper(chance, date)
    return date, "\n".join(lines) + "\n"


def _paper(chance: random.Random, date: dt.date) -> list[str]:
    words = " ".join(chance.choices(_ENGLISH, k=7)).title()
    names = (f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}" for _ in range(chance.randint(1, 12)))
    sentences = [" ".join(chance.choices(_ENGLISH, k=16)).capitalize() + "." for _ in range(7)]
    lines = [f"X{chance.randint(0, 9999)}: {words}", f"({', '.join(names)})"]
    if chance.random() < 0.6:
        lines.insert(0, f"https://arxiv.org/abs/{date:%y%m}.{chance.randint(0, 99999):05d}")
    lines.append(" ".join((*sentences, *([chance.choice(_ODD)] if chance.random() < 0.5 else []))))
    lines += [" ".join(chance.choices(_KOREAN, k=20)) + "." for _ in range(chance.randint(1, 3))]
    return [*lines, " ".join("#" + tag for tag in sorted(set(chance.choices(_TAGS, k=2))))]


def write_archive(folder: Path, days: int, papers: int) -> None:
    """Write ``days`` days below a folder, one file a day in a folder a year."""
    for number in range(days):
        date, text = day_text(number, papers)
        path = folder / f"{date:%Y}" / f"{date}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=1328)
    parser.add_argument("--papers", type=int, default=3)
    given = parser.parse_args()
    write_archive(given.folder, given.days, given.papers)


if __name__ == "__main__":
    main()
