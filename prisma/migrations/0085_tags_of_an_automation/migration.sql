-- Who has a tag from an automation: for its end, its log and whoever is in already.
CREATE INDEX automation_tags_automation ON automation_tags (automation_id);
