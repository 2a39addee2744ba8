/**
 * A table laid out as a grid on a phone stops being a table for some screen readers unless its roles are written out.
 * They are spread from constants, because the linter takes them for redundant.
 */
export const TABLE_ROLE = { role: "table" }
export const ROW_GROUP_ROLE = { role: "rowgroup" }
export const ROW_ROLE = { role: "row" }
export const CELL_ROLE = { role: "cell" }
export const COLUMN_HEADER_ROLE = { role: "columnheader" }
