import pytest

from autograder.grading.intake.scripts import is_script, script_cells


def sources(text):
    return [each.source for each in script_cells(text) if each.source.strip()]


@pytest.mark.parametrize(
    "script",
    [
        "# %%\nx = 1\n\n# %% [markdown]\n# Text.\n\n# %% a title\ny = 2\n",
        "#%%\nx = 1\n#%% [md]\n# Text.\n#%%\ny = 2\n",
        "#!/usr/bin/env python\n# In[1]:\n\n\nx = 1\n\n\n# In[ ]:\n\n\ny = 2\n",
        "# %%\r\nx = 1\r\n# %%\r\ny = 2\r\n",
    ],
)
def test_marks_begin_cells_and_text_is_left_out(script):
    assert is_script(script)
    assert sources(script)[-2:] == ["x = 1", "y = 2"]


def test_a_script_without_marks_has_a_cell_for_each_statement():
    script = "import numpy\n\n@decorated\ndef f(x):\n    return x\n\n# so\n1 / 0\nx = 1; y = 2\n"
    assert not is_script(script)
    assert [each.strip() for each in sources(script)] == [
        "import numpy",
        "@decorated\ndef f(x):\n    return x\n\n# so",
        "1 / 0",
        "x = 1; y = 2",
    ]


def test_a_script_that_cannot_be_parsed_is_one_cell():
    assert sources("def f(:\n") == ["def f(:\n"]


def test_a_magic_of_a_cell_is_no_mark():
    assert not is_script("# %%%time\nx = 1\n")
