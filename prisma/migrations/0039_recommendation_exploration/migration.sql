-- The product stood in the place where new ones are tried out. Only what was seen there says how a new product does: in the other places
-- stands what does well already.
ALTER TABLE recommendation_feedback ADD COLUMN explored boolean NOT NULL DEFAULT false;
CREATE INDEX recommendation_feedback_explored ON recommendation_feedback (shop_id, product_id) WHERE explored;
