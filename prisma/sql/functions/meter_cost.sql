-- Returns the price of a quantity by a meter: the part beyond the allowance x the rate, rounded half up once, to the nano.
CREATE OR REPLACE FUNCTION meter_cost(m meters, p_quantity bigint, p_allowance bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT div(2 * greatest(p_quantity - p_allowance, 0)::numeric * m.rate_nanos + 10::numeric ^ m.decimals, 2 * 10::numeric ^ m.decimals)::bigint
$$;
