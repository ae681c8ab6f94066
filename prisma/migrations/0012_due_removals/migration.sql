-- Who has to leave comes first: found without a look at everybody who is to come in.
CREATE INDEX audience_members_due_removals ON audience_members (audience_id, due_at) WHERE due_at IS NOT NULL AND email IS NULL;
