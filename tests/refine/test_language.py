"""In which language a passage and a day are."""

from __future__ import annotations

import pytest
from made import digest, entry

from pipeline.model import Site
from pipeline.refine import language
from pipeline.refine.language import language_of

LANGUAGES = [
    pytest.param("Mamba is a state space model.", "en", id="English"),
    pytest.param("", "en", id="nothing"),
    pytest.param("42 % ± 3 → !!", "en", id="no letters"),
    pytest.param("사람의 선호를 음악에도 적용했네요.", "ko", id="Korean"),
    pytest.param("Mamba + Attention hybrid로 in-context learning", "ko", id="Korean, mostly English terms"),
    pytest.param("18B CLIP.. Open Source contrastive vision-language encoder를", "ko", id="one syllable"),
    pytest.param("ㅋㅋ", "ko", id="Korean, single letters"),
    pytest.param("大規模言語モデルの事前学習について", "ja", id="Japanese"),
    pytest.param("大規模言語模型研究，用于音乐生成", "zh", id="Chinese"),
    pytest.param(
        "我们在一个很大的数据集上训练了这个の模型并且报告了结果和比较", "zh", id="Chinese, one kana"
    ),
    pytest.param("韓国語の「한」という文字についての研究です", "ja", id="Japanese, one Hangul"),
    pytest.param("漢字語 문장에도 한글이 더 많다", "ko", id="Korean with Hanja"),
    pytest.param("ﾊﾝｶｸ", "ja", id="half-width kana"),
    pytest.param("Обучение с подкреплением", "ru", id="Russian"),
    pytest.param("Ενισχυτική μάθηση", "el", id="Greek"),
    pytest.param("The rate λ of decay", "en", id="a Greek symbol"),
    pytest.param("λ", "en", id="a Greek symbol alone"),
    pytest.param("the product αβγ of rates", "en", id="a Greek formula"),
    pytest.param("the cardinal א of a set", "en", id="a Hebrew symbol"),
    pytest.param("נהדר מאוד", "he", id="Hebrew"),
    pytest.param("Nghiên cứu về mô hình ngôn ngữ", "en", id="Latin script with marks"),
    pytest.param("좋다 https://example.org/" + "a" * 200, "ko", id="a long address is no English"),
    pytest.param("λ를 줄인다", "ko", id="a symbol in Korean"),
    pytest.param("In this paper we " + "train large models " * 40 + "on 中文", "en", id="a Chinese example"),
]


@pytest.mark.parametrize(("text", "expected"), LANGUAGES)
def test_tells_the_language(text: str, expected: str) -> None:
    assert language_of(text, "en") == expected


def test_latin_script_is_in_the_language_of_the_site_but_abstracts_are_english() -> None:
    day = digest(entry("T", abstract="We train.", says=["Schön.", "좋다"]), says=["Heute:"])
    done = language.refine(day, Site(language="de"))
    one = done.entries[0]
    assert one.abstract_language == "en"
    assert [passage.language for passage in one.commentary] == ["de", "ko"]
    assert [passage.language for passage in done.introduction] == ["de"]


DAYS = [
    pytest.param([["긴 한국어 문장입니다"], ["Short."], ["Hm."]], "ko", id="by length, not by number"),
    pytest.param([["English only."]], "en", id="one"),
    pytest.param([[]], "de", id="no commentary"),
    pytest.param([], "de", id="no entries"),
]


@pytest.mark.parametrize(("says", "expected"), DAYS)
def test_a_day_is_in_the_language_of_most_of_its_commentary(says: list[list[str]], expected: str) -> None:
    site = Site(language="de" if expected == "de" else "en")
    assert language.refine(digest(*(entry("T", says=some) for some in says)), site).language == expected
