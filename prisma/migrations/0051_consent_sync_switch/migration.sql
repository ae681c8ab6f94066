-- After the consent sync was switched: whom it has been worked out for anew, in the order of the customers' ids; null: for everybody.
ALTER TABLE shops ADD COLUMN consent_sync_after bigint;
