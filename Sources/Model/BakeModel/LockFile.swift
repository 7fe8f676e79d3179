/// The lock as text, and back. One package a line in a stable order, so that a diff of the file is a list of updates.
public enum LockFile {
    /// What the text says it is.
    public static let schema = "bake/lock/1"
    /// No lock is longer, in bytes: about 200,000 packages.
    public static let limit = 64 << 20

    /// Writes the text. Equal locks give equal bytes.
    public static func text(of lock: Lock) -> String {
        var sections = ["  \"schema\": \(JSON.string(schema).canonical)"]
        if !lock.imports.isEmpty { sections.append(section("imports", lock.imports, importText)) }
        if !lock.fetches.isEmpty { sections.append(section("fetches", lock.fetches, fetchText)) }
        if !lock.packages.isEmpty { sections.append(section("packages", lock.packages, packagesText)) }
        return "{\n\(sections.joined(separator: ",\n"))\n}\n"
    }

    private static func section<Value>(
        _ name: String, _ members: [StageName: Value], _ text: (Value) -> String
    ) -> String {
        let lines = members.sorted { $0.key < $1.key }.map { "    \"\($0.key)\": \(text($0.value))" }
        return "  \"\(name)\": {\n\(lines.joined(separator: ",\n"))\n  }"
    }

    private static func importText(_ locked: LockedImport) -> String {
        line([("path", .string(locked.path)), ("digest", .string(locked.digest.description))])
    }

    private static func fetchText(_ locked: LockedFetch) -> String {
        line([
            ("asked", .string(locked.asked.description)), ("content", .string(locked.output.diffID.description)),
            ("content-size", .number(Int64(clamping: locked.output.tarSize))),
            ("blob", .string(locked.output.blob.description)),
            ("blob-size", .number(Int64(clamping: locked.output.size))),
        ])
    }

    private static func packagesText(_ locked: LockedPackages) -> String {
        let asked = locked.asked.map { JSON.string($0).canonical }.joined(separator: ", ")
        let closure = locked.closure.map { "        \(packageText($0))" }.joined(separator: ",\n")
        let base = locked.base.map { "\n      \"base\": \(JSON.string($0.description).canonical)," } ?? ""
        return """
            {
                  "suite": \(JSON.string(locked.suite).canonical),\(sourcesText(locked))
                  "architecture": \(JSON.string(locked.architecture).canonical),
                  "asked": [\(asked)],\(filesText(locked.files))\(base)
                  "closure": [
            \(closure)
                  ]
                }
            """
    }

    /// What the pipeline says of archives; nothing where it says nothing.
    private static func sourcesText(_ locked: LockedPackages) -> String {
        let lists = [("components", locked.components), ("mirrors", locked.mirrors.map(\.description))]
        return lists.filter { !$0.1.isEmpty }.map { name, values in
            "\n      \"\(name)\": [\(values.map { JSON.string($0).canonical }.joined(separator: ", "))],"
        }.joined()
    }

    private static func filesText(_ files: [LockedPackageFile]) -> String {
        guard !files.isEmpty else { return "" }
        let lines = files.map {
            "        "
                + line([
                    ("path", .string($0.path.description)), ("name", .string($0.name)),
                    ("relations", .string($0.relations.description)),
                ])
        }
        return "\n      \"files\": [\n\(lines.joined(separator: ",\n"))\n      ],"
    }

    private static func packageText(_ package: LockedPackage) -> String {
        line([
            ("name", .string(package.name)), ("version", .string(package.version)),
            ("architecture", .string(package.architecture)), ("size", .number(Int64(clamping: package.size))),
            ("digest", .string(package.digest.description)), ("path", .string(package.poolPath)),
        ])
    }

    /// The members in the order given, which canonical JSON would sort.
    private static func line(_ members: [(key: String, value: JSON)]) -> String {
        "{\(members.map { "\"\($0.key)\": \($0.value.canonical)" }.joined(separator: ", "))}"
    }
}
