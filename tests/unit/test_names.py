import pytest

from db.names import grams, normalised, search_grams, sort_key


def test_names_sort_by_syllable_then_tone_then_character() -> None:
    names = ["章三", "张三", "张", "安", "占", "李四", "林", "abc", "重庆", "充"]

    ordered = sorted(names, key=lambda name: sort_key(name).encode())

    assert ordered == ["abc", "安", "充", "重庆", "李四", "林", "占", "张", "张三", "章三"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("重庆市渝北区", "chong2重qing4庆shi4市yu2渝bei3北qu1区"),  # 重 by its phrase
        ("重量", "zhong4重liang4量"),
        ("ＡＢＣ 1", "abc1"),
        ("", ""),
        ("\ue170村", "\ue170cun1村"),  # of private use: sorts as itself
    ],
)
def test_sort_key_of_a_name(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_surname_is_read_as_one_only_for_a_person() -> None:
    assert sort_key("曾国强", person=True) == "zeng1曾guo2国qiang2强"
    assert sort_key("曾家岩") == "ceng2曾jia1家yan2岩"
    assert sort_key("尉迟恭", person=True).startswith("yu4尉chi2迟")


def test_grams_are_each_character_and_each_pair_once() -> None:
    assert grams("渝北 渝北") == ["北", "北渝", "渝", "渝北"]
    assert grams("A") == ["a"]


@pytest.mark.parametrize("query", ["渝北区", "北", "志愿者 协会", "渝 北", "區", "协会渝北"])
def test_a_name_that_contains_the_query_contains_its_grams(query: str) -> None:
    name = "重庆市渝北区志愿者协会"

    found = set(search_grams(query)) <= set(grams(name))

    assert found == (normalised(query) in normalised(name))


def test_nothing_to_search_for_gives_no_grams() -> None:
    assert search_grams("  ") == []
