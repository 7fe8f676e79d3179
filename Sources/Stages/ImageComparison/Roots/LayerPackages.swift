import BakeModel
import BlobStorage
import RootFilesystem

/// What one layer says about Debian packages: dpkg's notes that it brings, and those below it that it hides.
struct LayerPackages: Hashable {
    /// What each file of notes names, by path.
    private(set) var notes: [String: [PackageNotes.Package]] = [:]
    /// Paths of which nothing of the layers below is left.
    private(set) var hidden: [String] = []

    private static let status = "var/lib/dpkg/status"
    private static let longest: UInt64 = 64 << 20

    /// Reads what a layer of a store has of them, and no more than that where its contents are known.
    init(reading layer: Layer, from store: BlobStore) throws {
        let contents = try LayerContentsCache(store: store).contents(of: layer)
        var files: [Int: String] = [:]
        var number = 0
        try contents.forEach { found in
            defer { number += 1 }
            let entry = found.entry
            let path = String(decoding: entry.path.bytes, as: UTF8.self)
            switch Whiteout(name: entry.path.name) {
            case .opaque: hide(entry.path.parent, andItself: false)
            case .of(let name): hide(try entry.path.parent.appending(part: name), andItself: true)
            case .meaningless: break
            case nil:
                guard case .regular(let size) = entry.kind, Self.isNote(path), size <= Self.longest else { return }
                files[number] = path
            }
        }
        try contents.read(Set(files.keys), from: store) { number, bytes in
            if let path = files[number] { notes[path] = PackageNotes(parsing: bytes).packages }
        }
    }

    private mutating func hide(_ path: TreePath, andItself: Bool) {
        let text = String(decoding: path.bytes, as: UTF8.self)
        if Self.status.hasPrefix(text) || text.hasPrefix(Self.status) { hidden.append(andItself ? text : "\(text)/") }
    }

    /// Lays these notes over those of the layers below.
    func applied(to below: [String: [PackageNotes.Package]]) -> [String: [PackageNotes.Package]] {
        below.filter { path, _ in
            !hidden.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 || path.hasPrefix("\($0)/") }
        }.merging(notes) { $1 }
    }

    private static func isNote(_ path: String) -> Bool {
        path == status || path.hasPrefix("\(status).d/") && !path.hasSuffix(".md5sums")
    }
}

extension LayerPackages {
    /// The notes as kept in the cache.
    var json: JSON {
        let packages = { (list: [PackageNotes.Package]) in
            JSON.array(
                list.filter(\.isInstalled).map { .array([$0.name, $0.version, $0.architecture].map(JSON.string)) })
        }
        return ["notes": .object(notes.mapValues(packages)), "hidden": .array(hidden.map(JSON.string))]
    }

    /// Reads what `json` wrote; nil for anything else.
    init?(_ json: JSON) {
        guard let files = json["notes"]?.members, let hidden = json["hidden"]?.strings else { return nil }
        self.hidden = hidden
        for (path, list) in files {
            let packages = list.all { item -> PackageNotes.Package? in
                guard let words = item.strings, words.count == 3 else { return nil }
                return PackageNotes.Package(installed: words[0], version: words[1], architecture: words[2])
            }
            guard let packages else { return nil }
            notes[path] = packages
        }
    }
}
