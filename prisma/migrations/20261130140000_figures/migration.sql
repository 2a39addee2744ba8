-- What moved a pool's credits other than usage, so that the figures of the Credits card are summed over those few entries.
-- A spend has no cause: it is told from the first condition that it isn't in this index.
CREATE INDEX entries_caused_idx ON entries (team_id, pool_no, kind, seq) INCLUDE (amount_nanos)
  WHERE cause_id IS NOT NULL AND bucket = 'credits' AND kind <> 'consumption';

-- Which run a usage record was captured for: its hold was settled at the moment in which the record was written.
CREATE INDEX holds_settled_idx ON holds (team_id, settled_at) WHERE status = 'captured';
