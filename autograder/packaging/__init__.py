"""From a course to what students and otter-grader receive."""
