{{ files_rows("survey_responses") }}
