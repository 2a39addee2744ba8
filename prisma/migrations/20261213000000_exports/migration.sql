-- Large exports, which somebody asked for and gets by mail. A row holds no file: the ledger only grows, so that the filter
-- and the newest entry name the same rows for as long as the link works.
CREATE TABLE exports (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  pool_id uuid NOT NULL,
  member_id uuid NOT NULL,
  -- As the page's address says the filter and the format.
  query text NOT NULL CHECK (length(query) <= 1000),
  up_to bigint NOT NULL CHECK (up_to >= 0),
  -- By the daily totals, for the progress.
  expected_rows bigint NOT NULL CHECK (expected_rows >= 0),
  counted_rows bigint NOT NULL DEFAULT 0 CHECK (counted_rows >= 0),
  -- Entries from here on are counted. Null once all of them are.
  counted_before bigint,
  -- What is stored of the link's secret.
  token_hash text,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id),
  CONSTRAINT exports_are_ready_at_once
    CHECK ((counted_before IS NULL) = (token_hash IS NOT NULL) AND (token_hash IS NULL) = (expires_at IS NULL))
);
-- Those that are being prepared, of which a team may have few.
CREATE INDEX exports_waiting_idx ON exports (team_id) WHERE token_hash IS NULL;
