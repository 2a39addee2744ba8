import { COLUMN_HEADER_ROLE } from "./table-roles"

type ColumnHeaderProps = {
  children: string
  /** For a column that explains itself: only screen readers get its name. */
  hidden?: boolean
}

export function ColumnHeader({ children, hidden = false }: ColumnHeaderProps) {
  return (
    <th {...COLUMN_HEADER_ROLE} className="pr-4 pb-2 text-left font-medium" scope="col">
      {hidden ? <span className="sr-only">{children}</span> : children}
    </th>
  )
}
