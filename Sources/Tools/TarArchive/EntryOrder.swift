import BakeModel

/// The rules that make a list of entries canonical, checked one entry at a time.
struct EntryOrder {
    private var previous: TreeEntry?

    /// Checks the next entry against the one before it and its own kind.
    mutating func admit(_ entry: TreeEntry) throws(LayerWriteError) {
        try checkPlace(of: entry)
        try checkKind(of: entry)
        try checkAttributes(of: entry)
        previous = entry
    }

    private func checkPlace(of entry: TreeEntry) throws(LayerWriteError) {
        if entry.path.isRoot, entry.kind != .directory { throw .rootNotDirectory }
        guard let previous else { return }
        if entry.path == previous.path { throw .duplicate(entry.path) }
        guard previous.path < entry.path else { throw .outOfOrder(entry.path, after: previous.path) }
        // Whatever lies below a path comes right after it in this order, so the one before is the only suspect.
        if previous.kind != .directory, entry.path.relative(to: previous.path) != nil { throw .belowFile(entry.path) }
    }

    private func checkKind(of entry: TreeEntry) throws(LayerWriteError) {
        switch entry.kind {
        case .symlink(let target):
            guard (1...4095).contains(target.count), !target.contains(0) else { throw .badTarget(entry.path) }
        case .hardlink(let target):
            guard !target.isRoot, target < entry.path else { throw .linkForward(entry.path, to: target) }
        case .regular, .directory, .fifo: break
        }
    }

    private func checkAttributes(of entry: TreeEntry) throws(LayerWriteError) {
        var last: ExtendedAttribute?
        for attribute in entry.attributes {
            let name = attribute.name.utf8
            let isDuplicate = last.map { $0.name.utf8.elementsEqual(name) } ?? false
            guard !name.isEmpty, !name.contains(0), !name.contains(UInt8(ascii: "=")), !isDuplicate else {
                throw .badAttribute(entry.path, name: attribute.name)
            }
            last = attribute
        }
    }
}
