from autograder.reporting.repeats import LARGEST, MOST, remembered


def counted():
    calls = []

    @remembered
    def total(*numbers):
        calls.append(numbers)
        return [sum(map(len, numbers))]

    return total, calls


def test_equal_arguments_have_one_value():
    total, calls = counted()
    first = total({"a": 1.0, "b": None}, ["\udcff"])
    assert total({"a": 1.0, "b": None}, ["\udcff"]) is first
    assert total({"a": 1, "b": None}, ["\udcff"]) is not first  # 1 is not written as 1.0 is
    assert len(calls) == 2


def test_what_is_remembered_is_bounded():
    total, calls = counted()
    for number in range(MOST + 1):
        total(str(number))
    total("0")
    assert len(calls) == MOST + 2
    large = "x" * LARGEST
    assert total(large) == total(large) == [LARGEST]
    assert len(calls) == MOST + 4
