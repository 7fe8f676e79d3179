import BakeModel
import LinuxSystem

/// The Debian archives of a suite whose indexes an apt has read, and those that were left out.
struct DebianArchives {
    /// The archives that answered and call themselves Debian.
    let used: [DebianSource]
    /// The others, each with why.
    let ignored: [String]

    /// Reads the indexes of all sources. What the pipeline names must answer, and is used. Of the machine's, Debian's own
    /// must answer; a stranger's archive is left out, whether it answers or not.
    /// - Throws: `DebianFault.unreachable`, `.noArchive`.
    init(reading sources: [DebianSource], of suite: DebianSuite, with apt: AptWorkspace) throws {
        try apt.use(sources)
        let update = try apt.attempt(.aptGet, ["update", "-q"])
        let origins = try Self.origins(apt)
        let areNamed = !suite.mirrors.isEmpty
        let silent = sources.filter { origins[$0.place] == nil && (areNamed || $0.isSurelyDebian) }
        guard silent.isEmpty else {
            throw DebianFault.unreachable(silent.map { "\($0.uri) \($0.suite)" }, update.lastErrors)
        }
        let isUsed = { (source: DebianSource) in areNamed || origins[source.place] == "Debian" }
        used = sources.filter(isUsed)
        ignored = sources.filter { !isUsed($0) }.map {
            "\($0.uri) \($0.suite): \(origins[$0.place].map { "its origin is \"\($0)\"" } ?? "it does not answer")"
        }
        guard areNamed || used.contains(where: { $0.suite == suite.name }) else {
            throw DebianFault.noArchive(suite: suite.name, known: [])
        }
        if used.count < sources.count { try apt.use(used) }
    }

    /// What the signed Release file of each archive calls its origin, by the archive's place.
    private static func origins(_ apt: AptWorkspace) throws -> [String: String] {
        let format = "$(REPO_URI)\u{1f}$(RELEASE)\u{1f}$(ORIGIN)"
        let targets = try apt.run(.aptGet, ["indextargets", "--format", format, "Created-By: Packages"])
        var origins: [String: String] = [:]
        for line in targets.text.split(separator: "\n") {
            let fields = line.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            let uri = fields[0].hasSuffix("/") ? String(fields[0].dropLast()) : fields[0]
            origins["\(uri) \(fields[1])"] = fields[2]
        }
        return origins
    }
}
