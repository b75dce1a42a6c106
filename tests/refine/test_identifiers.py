"""Which paper an address names: every form of host and path met in digests, and none that only looks so."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.refine._identifiers import identify
from pipeline.urls import is_safe

ARXIV = [
    ("https://arxiv.org/abs/2402.03170", "2402.03170"),
    ("http://arxiv.org/abs/2402.03170", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170v1", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170v12", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170/", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170?fbclid=IwAR0", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170&fbclid=IwAR0", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170#comments", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170.", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170,", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170)", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170](https:", "2402.03170"),
    ("https://arxiv.org/abs/2402.03170에서", "2402.03170"),
    ("https://arxiv.org/abs/arXiv:2402.03170", "2402.03170"),
    ("https://arxiv.org//abs//2402.03170", "2402.03170"),
    ("https://ARXIV.org/abs/2402.03170", "2402.03170"),
    ("https://arxiv.org./abs/2402.03170", "2402.03170"),
    ("https://arxiv.org:443/abs/2402.03170", "2402.03170"),
    ("https://arxiv.org/pdf/2402.03170", "2402.03170"),
    ("https://arxiv.org/pdf/2402.03170.pdf", "2402.03170"),
    ("https://arxiv.org/pdf/2402.03170v2.pdf#page=3", "2402.03170"),
    ("https://arxiv.org/html/2402.03170v1", "2402.03170"),
    ("https://arxiv.org/html/2402.03170v1/x1.png", "2402.03170"),
    ("https://arxiv.org/format/2402.03170", "2402.03170"),
    ("https://www.arxiv.org/abs/2402.03170", "2402.03170"),
    ("https://export.arxiv.org/abs/2402.03170", "2402.03170"),
    ("https://de.arxiv.org/abs/2402.03170", "2402.03170"),
    ("http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"),
    ("http://xxx.itp.ac.cn/abs/hep-th/9901001", "hep-th/9901001"),
    ("https://ar5iv.org/abs/2402.03170", "2402.03170"),
    ("https://ar5iv.labs.arxiv.org/html/2402.03170", "2402.03170"),
    ("https://www.alphaxiv.org/abs/2402.03170v1", "2402.03170"),
    ("https://alphaxiv.org/overview/2402.03170", "2402.03170"),
    ("https://huggingface.co/papers/2402.03170", "2402.03170"),
    ("https://hf.co/papers/2402.03170", "2402.03170"),
    ("https://doi.org/10.48550/arXiv.2402.03170", "2402.03170"),
    ("https://dx.doi.org/10.48550/ARXIV.2402.03170", "2402.03170"),
    ("https://doi.org/10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
    (
        "https://l.facebook.com/l.php?u=https%3A%2F%2Farxiv.org%2Fabs%2F2402.03170%3Ffbclid%3D1&h=2",
        "2402.03170",
    ),
    ("https://lm.facebook.com/l.php?u=https%3A%2F%2Farxiv.org%2Fabs%2F2402.03170", "2402.03170"),
    ("https://www.google.com/url?sa=t&url=https://arxiv.org/pdf/2402.03170.pdf&usg=x", "2402.03170"),
    ("https://www.google.co.kr/url?q=https://arxiv.org/abs/2402.03170", "2402.03170"),
    ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
    ("https://arxiv.org/abs/hep-th/9901001v3", "hep-th/9901001"),
    ("https://arxiv.org/pdf/cs/0102001.pdf", "cs/0102001"),
    ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
    ("https://arxiv.org/abs/math/0309136", "math/0309136"),
    ("https://arxiv.org/abs/cs.CL/0102001", "cs/0102001"),
    ("https://arxiv.org/abs/CS/0102001", "cs/0102001"),
    ("https://arxiv.org/abs/0704.0001", "0704.0001"),
    ("https://arxiv.org/abs/1412.6980", "1412.6980"),
    ("https://arxiv.org/abs/1501.00001", "1501.00001"),
    ("https://arxiv.org/abs/math/0703456", "math/0703456"),
]

NO_ARXIV = [
    "https://arxiv.org/abs/1412.69801",
    "https://arxiv.org/abs/1501.0001",
    "https://arxiv.org/abs/2402.031701",
    "https://arxiv.org/abs/2402.0317",
    "https://arxiv.org/abs/2400.03170",
    "https://arxiv.org/abs/2413.03170",
    "https://arxiv.org/abs/0703.0001",
    "https://arxiv.org/abs/9912.0001",
    "https://arxiv.org/abs/2402.03170abc",
    "https://arxiv.org/abs/hep-th/9913001",
    "https://arxiv.org/abs/hep-th/9106001",
    "https://arxiv.org/abs/math/0704123",
    "https://arxiv.org/abs/hep-th/99010012",
    "https://arxiv.org/abs/٢٤٠٢.٠٣١٧٠",
    "https://arxiv.org/list/cs.CL/2402",
    "https://arxiv.org/a/2402.03170",
    "https://arxiv.org/",
    "https://arxiv.org/search/?query=2402.03170",
    "https://notarxiv.org/abs/2402.03170",
    "https://arxiv.org.evil.example/abs/2402.03170",
    "https://example.org/abs/2402.03170",
    "https://example.org/?u=https://arxiv.org/abs/2402.03170",
    "https://www.google.com/search?q=https://arxiv.org/abs/2402.03170",
    "https://www.google.com/url?q=http://[",
    "https://www.google.com/url",
    "https://huggingface.co/papers/date/2024-02-07",
    "https://huggingface.co/datasets/papers/2402.03170",
    "https://github.com/x/2402.03170",
    "https://t.co/2402.03170",
]

DOIS = [
    ("https://doi.org/10.1145/3366423.3380000", "10.1145/3366423.3380000"),
    ("http://dx.doi.org/10.1145/3366423.3380000", "10.1145/3366423.3380000"),
    ("https://doi.org/10.1038/S41586-020-2649-2", "10.1038/s41586-020-2649-2"),
    ("https://doi.org/10.1016/S0140-6736(20)30183-5", "10.1016/s0140-6736(20)30183-5"),
    ("https://doi.org/10.1145%2F3366423", "10.1145/3366423"),
    ("https://doi.org/10.1145/3366423.", "10.1145/3366423"),
    ("https://doi.org/10.48550/arXiv.2402.03170v2", "10.48550/arxiv.2402.03170"),
    ("https://doi.org/10.48550/arXiv.math.GT/0309136", "10.48550/arxiv.math/0309136"),
    ("https://dl.acm.org/doi/10.1145/3366423.3380000", "10.1145/3366423.3380000"),
    ("https://dl.acm.org/doi/abs/10.1145/3366423.3380000", "10.1145/3366423.3380000"),
    ("https://dl.acm.org/doi/fullHtml/10.1145/3366423", "10.1145/3366423"),
    ("https://onlinelibrary.wiley.com/doi/10.1002/xyz.1/abstract", "10.1002/xyz.1"),
    (
        "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O",
        "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o",
    ),
    ("https://doi.org/", None),
    ("https://doi.org/10.1/x", None),
    ("https://doi.org/10.1145/", None),
    ("https://notdoi.org/10.1145/3366423", None),
    ("https://arxiv.org/abs/2402.03170", None),
]


@pytest.mark.parametrize(("url", "expected"), ARXIV)
def test_reads_an_arxiv_identifier(url: str, expected: str) -> None:
    assert identify(url).arxiv == expected


@pytest.mark.parametrize("url", NO_ARXIV)
def test_reads_no_arxiv_identifier(url: str) -> None:
    assert identify(url).arxiv is None


@pytest.mark.parametrize(("url", "expected"), DOIS)
def test_reads_a_doi(url: str, expected: str | None) -> None:
    assert identify(url).doi == expected


hosts = st.sampled_from(["arxiv.org", "doi.org", "dl.acm.org", "l.facebook.com", "www.google.com", "hf.co"])
paths = st.sampled_from(["", "abs/", "doi/", "l.php?u=", "url?q=", "papers/", "10.48550/arxiv."])


@given(hosts, paths, st.text(max_size=30) | st.from_regex(r"\A[0-9]{4}[./][0-9]{3,7}(v[0-9])?\Z"))
@example("www.google.com", "url?q=", "https://[")
def test_any_address_fit_to_be_a_link_is_read_without_error(host: str, path: str, rest: str) -> None:
    url = f"https://{host}/{path}{rest}"
    if is_safe(url):
        arxiv = identify(url).arxiv
        assert arxiv is None or identify(f"https://arxiv.org/abs/{arxiv}").arxiv == arxiv
