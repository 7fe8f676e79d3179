extension LockFile {
    /// Reads a lock. Strict: what is unknown is refused, because a later bake may have meant something by it.
    /// - Throws: `LockFileFault`.
    public static func parse(_ bytes: some Collection<UInt8>) throws(LockFileFault) -> Lock {
        guard bytes.count <= limit else { throw .tooLong }
        let document: JSON
        do throws(JSON.Fault) { document = try JSON(parsing: bytes) } catch { throw .notJSON(error) }
        guard let schema = document["schema"]?.string else { throw .malformed("schema", "it must be \"\(schema)\"") }
        guard schema == Self.schema else { throw .otherSchema(schema) }
        let lock = LockFileReader(document, at: "")
        try lock.allow(["schema", "imports", "fetches", "packages"])
        return Lock(
            packages: try stages(document["packages"], "packages", packages),
            imports: try stages(document["imports"], "imports", imported),
            fetches: try stages(document["fetches"], "fetches", fetched))
    }

    private static func stages<Value>(
        _ json: JSON?, _ name: String, _ read: (LockFileReader) throws(LockFileFault) -> Value
    ) throws(LockFileFault) -> [StageName: Value] {
        guard let json else { return [:] }
        guard let members = json.members else { throw .malformed(name, "it must be an object") }
        var stages: [StageName: Value] = [:]
        for (key, member) in members {
            guard let stage = StageName(key) else { throw .malformed("\(name).\(key)", "that is no stage's name") }
            stages[stage] = try read(LockFileReader(member, at: "\(name).\(key)"))
        }
        return stages
    }

    private static func imported(_ reader: LockFileReader) throws(LockFileFault) -> LockedImport {
        try reader.allow(["path", "digest"])
        return LockedImport(
            path: try reader.text("path", "an absolute path") { $0.utf8.first == UInt8(ascii: "/") },
            digest: try reader.digest("digest"))
    }

    private static func fetched(_ reader: LockFileReader) throws(LockFileFault) -> LockedFetch {
        try reader.allow(["asked", "content", "content-size", "blob", "blob-size"])
        return LockedFetch(
            asked: try reader.digest("asked"),
            output: Layer(
                blob: try reader.digest("blob"), size: try reader.size("blob-size"),
                diffID: DiffID(try reader.digest("content")), tarSize: try reader.size("content-size")))
    }

    private static func packages(_ reader: LockFileReader) throws(LockFileFault) -> LockedPackages {
        try reader.allow(["suite", "components", "mirrors", "architecture", "asked", "files", "base", "closure"])
        var closure: [LockedPackage] = []
        for (index, item) in try reader.items("closure").enumerated() {
            closure.append(try package(LockFileReader(item, at: "\(reader.place).closure[\(index)]")))
        }
        var seen: Set<String> = []
        for package in closure where !seen.insert(package.name).inserted {
            throw .malformed("\(reader.place).closure", "\(package.name) stands in it twice")
        }
        return LockedPackages(
            suite: try reader.text("suite", "a suite", DebianGrammar.isSuite),
            architecture: try reader.text("architecture", "an architecture", DebianGrammar.isArchitecture),
            asked: try reader.names("asked"), files: try files(reader),
            components: try reader.texts("components", "a component") {
                DebianGrammar.isComponent($0) ? $0 : nil
            },
            mirrors: try reader.texts("mirrors", "an address") { DebianMirrorAddress($0) }, closure: closure,
            base: try reader.json["base"].map { _ throws(LockFileFault) in try reader.digest("base") })
    }

    private static func files(_ reader: LockFileReader) throws(LockFileFault) -> [LockedPackageFile] {
        guard reader.json["files"] != nil else { return [] }
        var files: [LockedPackageFile] = []
        for (index, item) in try reader.items("files").enumerated() {
            let file = LockFileReader(item, at: "\(reader.place).files[\(index)]")
            try file.allow(["path", "name", "relations"])
            let path = try file.text("path", "a path of the commit") { (try? TreePath(cleaning: $0)) != nil }
            files.append(
                LockedPackageFile(
                    path: (try? TreePath(cleaning: path)) ?? .root,
                    name: try file.text("name", "a package's name", DebianGrammar.isPackageName),
                    relations: try file.digest("relations")))
        }
        return files
    }

    private static func package(_ reader: LockFileReader) throws(LockFileFault) -> LockedPackage {
        try reader.allow(["name", "version", "architecture", "size", "digest", "path"])
        return LockedPackage(
            name: try reader.text("name", "a package's name", DebianGrammar.isPackageName),
            version: try reader.text("version", "a version", DebianGrammar.isVersion),
            architecture: try reader.text("architecture", "an architecture", DebianGrammar.isArchitecture),
            digest: try reader.digest("digest"), size: try reader.size("size"),
            poolPath: try reader.text("path", "a path pool/….deb", DebianGrammar.isPoolPath))
    }
}

/// An object of the lock and where it stands, for messages.
struct LockFileReader {
    let json: JSON
    let place: String

    init(_ json: JSON, at place: String) {
        self.json = json
        self.place = place
    }

    private func fault(_ key: String, _ wanted: String) -> LockFileFault {
        .malformed(place.isEmpty ? key : "\(place).\(key)", wanted)
    }

    func allow(_ keys: Set<String>) throws(LockFileFault) {
        guard let members = json.members else { throw .malformed(place, "it must be an object") }
        if let unknown = members.keys.filter({ !keys.contains($0) }).min() {
            throw fault(unknown, "that key is unknown")
        }
    }

    func text(_ key: String, _ wanted: String, _ accepts: (String) -> Bool) throws(LockFileFault) -> String {
        guard let text = json[key]?.string, accepts(text) else { throw fault(key, "it must be \(wanted)") }
        return text
    }

    func digest(_ key: String) throws(LockFileFault) -> Digest {
        guard let digest = json[key]?.string.flatMap({ Digest($0) }) else {
            throw fault(key, "it must be sha256: and 64 lower-case hexadecimal digits")
        }
        return digest
    }

    func size(_ key: String) throws(LockFileFault) -> UInt64 {
        guard let size = json[key]?.number.flatMap(UInt64.init(exactly:)), size > 0 else {
            throw fault(key, "it must be a number of bytes")
        }
        return size
    }

    func items(_ key: String) throws(LockFileFault) -> [JSON] {
        guard let items = json[key]?.items else { throw fault(key, "it must be an array") }
        return items
    }

    /// A list of text that may be absent.
    func texts<Value>(_ key: String, _ wanted: String, _ read: (String) -> Value?) throws(LockFileFault) -> [Value] {
        guard json[key] != nil else { return [] }
        var values: [Value] = []
        for item in try items(key) {
            guard let value = item.string.flatMap(read) else { throw fault(key, "each must be \(wanted)") }
            values.append(value)
        }
        return values
    }

    func names(_ key: String) throws(LockFileFault) -> [String] {
        var names: [String] = []
        for item in try items(key) {
            guard let name = item.string, DebianGrammar.isPackageName(name) else {
                throw fault(key, "each must be the name of a package")
            }
            names.append(name)
        }
        return names
    }
}
