-- Until when a platform's engagement (deliveries, opens, clicks, bounces) has been read into `events`; null: never.
-- engagement_tried_at: when that was last begun, whatever came of it.
ALTER TABLE destinations ADD COLUMN engagement_read_at timestamptz(3);
ALTER TABLE destinations ADD COLUMN engagement_tried_at timestamptz(3);
