import { classNames } from "./class-names"
import { COLUMN_HEADER_ROLE } from "./table-roles"

type ColumnHeaderProps = {
  children: string
  /** For a column that explains itself: only screen readers get its name. */
  hidden?: boolean
  /** For amounts. */
  alignsRight?: boolean
}

export function ColumnHeader({ children, hidden = false, alignsRight = false }: ColumnHeaderProps) {
  return (
    <th
      {...COLUMN_HEADER_ROLE}
      className={classNames("pr-4 pb-2 font-medium", alignsRight ? "text-right" : "text-left")}
      scope="col"
    >
      {hidden ? <span className="sr-only">{children}</span> : children}
    </th>
  )
}
