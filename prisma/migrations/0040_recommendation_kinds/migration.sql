-- What kind of customer somebody was when they came into the comparison, as the ranking sees it: how far ahead it saw the personal list
-- (logarithm), and how many purchases it knew. Null for who had none.
ALTER TABLE recommendation_arms ADD COLUMN lead double precision, ADD COLUMN entries int;
