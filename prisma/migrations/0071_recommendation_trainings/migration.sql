-- Whose turn it is to train a shop's recommendations: of several processes that find a training due at the same moment one does it.
CREATE TABLE recommendation_trainings (
  shop_id     int PRIMARY KEY,
  -- Until then a process is at it; it says so again while it is.
  taken_until timestamptz(3) NOT NULL
);
