-- A notification concerns the member that it names, or else the holder of its pool: who asked for an approval, or whose
-- limit it is although the team shares a pool.
ALTER TABLE notifications
  ADD COLUMN member_id uuid,
  ADD FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id);
