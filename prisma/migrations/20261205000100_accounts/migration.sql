-- How a person wants pages to look, and changes of their address.

ALTER TABLE users
  ADD COLUMN theme text NOT NULL DEFAULT 'system' CONSTRAINT users_theme_known CHECK (theme IN ('system', 'light', 'dark')),
  -- The language in which dates are written, by its BCP 47 tag.
  ADD COLUMN date_language text NOT NULL DEFAULT 'en' CONSTRAINT users_date_language_form CHECK (date_language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  -- Null: the zone of the browser.
  ADD COLUMN time_zone text CONSTRAINT users_time_zone_length CHECK (length(time_zone) BETWEEN 1 AND 64);

-- A change of a person's address: asked for, and confirmed from the new mailbox or not. The old address is kept for the
-- notice that goes there.
CREATE TABLE email_changes (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Null while the address belongs to somebody else: nothing can confirm it then.
  token_hash text UNIQUE,
  old_email text NOT NULL,
  new_email text NOT NULL CHECK (new_email = lower(new_email)),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  confirmed_at timestamptz
);
CREATE INDEX email_changes_user_idx ON email_changes (user_id);
