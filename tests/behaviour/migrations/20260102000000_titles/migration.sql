-- Rows stay.
ALTER TABLE note ADD COLUMN title VARCHAR(191) NOT NULL DEFAULT 'untitled';
