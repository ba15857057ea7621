/// The things of everybody in another order.
pub(super) fn picked<T: Copy>(things: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|&row| things.get(row).copied()).collect()
}

/// The rows of a table in another order.
pub(super) fn picked_rows<T: Copy>(table: &[T], columns: usize, order: &[usize]) -> Vec<T> {
    let mut picked = Vec::with_capacity(order.len() * columns);
    for row in order {
        picked.extend_from_slice(table.get(row * columns..(row + 1) * columns).unwrap_or_default());
    }
    picked
}
