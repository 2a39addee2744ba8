-- Sums nanos as whole numbers of eight bytes. The built-in sum returns a numeric, which is slower to make and to
-- read.
CREATE AGGREGATE sum_nanos(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');
