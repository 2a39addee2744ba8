-- The few entries of included credits that aren't usage, as entries_caused_idx has those of bought and given ones. A spend has
-- no cause and never comes here.
CREATE INDEX entries_caused_included_idx ON entries (team_id, pool_no, kind, seq)
  WHERE cause_id IS NOT NULL AND bucket = 'included' AND kind <> 'consumption';
