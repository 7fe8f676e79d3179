import BakeModel
import LinuxSystem

/// Questions to an apt that has read the indexes of a suite.
struct DebianSearch {
    let apt: AptWorkspace
    let suite: String

    /// What apt would install.
    struct Choice: Hashable {
        let version: String
        /// Whether a security archive has it.
        let isSecurity: Bool
    }

    /// Every package that is installed where nothing is installed yet.
    /// - Parameters:
    ///   - held: what is installed in any case, as arguments of apt.
    ///   - asked: names of packages, and paths of files.
    func choose(_ asked: [String], with held: [String]) throws -> [String: Choice] {
        let run = try apt.attempt(
            .aptGet, ["-s", "-q", "install", "--no-install-recommends", "--no-remove", "--"] + held + asked)
        guard run.ending.succeeded else { throw try explain(run, asked) }
        var choices: [String: Choice] = [:]
        for line in run.text.split(separator: "\n") {
            if let (name, choice) = Self.installation(line) { choices[name] = choice }
        }
        return choices
    }

    /// `Inst libc6 (2.36-9 Debian:12/stable, Debian-Security:12/stable-security [amd64]) []`: the name, the version, and
    /// whether one of the archives is one of security updates.
    static func installation(_ line: some StringProtocol) -> (name: String, choice: Choice)? {
        let words = line.split(separator: " ")
        guard words.count >= 3, words[0] == "Inst",
            let place = words[2...].prefix(2).firstIndex(where: { $0.hasPrefix("(") })
        else { return nil }
        let archives = words[(place + 1)...].prefix { !$0.hasPrefix("[") }
        let isSecurity = archives.contains { $0.hasPrefix("Debian-Security:") || $0.contains("-security") }
        return (String(words[1]), Choice(version: String(words[place].dropFirst()), isSecurity: isSecurity))
    }

    /// The packages that these need, and what those need in turn.
    func needs(of names: Set<String>) throws -> Set<String> {
        let kinds = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"].map { "--no-\($0)" }
        let run = try apt.attempt(.aptCache, ["depends", "--recurse"] + kinds + ["--"] + names.sorted())
        return Set(run.text.split(separator: "\n").filter { $0.first != " " && $0.first != "<" }.map(String.init))
    }

    /// The facts of the files of these packages.
    func describe(_ versions: [String: String]) throws -> [LockedPackage] {
        guard !versions.isEmpty else { return [] }
        let names = versions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let shown = try apt.run(.aptCache, ["show", "--"] + names)
        var packages: [String: LockedPackage] = [:]
        for paragraph in ControlParagraph.parse(shown.text) {
            guard let package = LockedPackage(paragraph), versions[package.name] == package.version else { continue }
            packages[package.name] = packages[package.name] ?? package
        }
        if let absent = versions.keys.filter({ packages[$0] == nil }).min() {
            throw DebianFault.programFailed(
                DebianMachine.Program.aptCache.path, "it says nothing usable of the file of \(absent)")
        }
        return Array(packages.values)
    }

    private func explain(_ run: CompletedProcess, _ asked: [String]) throws -> DebianFault {
        let errors = String(decoding: run.errors, as: UTF8.self).split(separator: "\n")
        let unknown = errors.compactMap { Self.rest(of: $0, after: "E: Unable to locate package ") }
        if !unknown.isEmpty { return .unknownPackages(unknown, suite: suite, suggestions: try suggestions(unknown)) }
        let candidates = errors.compactMap { Self.rest(of: $0, after: "E: Package '") }
        let unavailable = candidates.compactMap { $0.split(separator: "'").first.map(String.init) }
        if !unavailable.isEmpty { return .virtualPackages(unavailable) }
        let conflict = run.text.split(separator: "\n").drop { !$0.hasPrefix("The following packages have unmet") }
        let words = conflict.dropFirst().map(String.init).joined(separator: "\n")
        return .unsolvable(asked, words.isEmpty ? run.lastErrors : words)
    }

    private static func rest(of line: Substring, after prefix: String) -> String? {
        line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
    }

    private func suggestions(_ unknown: [String]) throws -> [String] {
        let known = try apt.run(.aptCache, ["pkgnames"]).text.split(separator: "\n").map(String.init)
        return unknown.compactMap { name in
            let letters = name.utf8.count
            let near = known.filter { $0.utf8.first == name.utf8.first && abs($0.utf8.count - letters) <= 3 }.sorted()
            return Spelling.suggestion(for: name, in: near)
        }
    }
}

extension LockedPackage {
    /// Reads a paragraph of an index; nil where a field is missing or no such field could be.
    init?(_ paragraph: ControlParagraph) {
        guard let name = paragraph["package"], DebianGrammar.isPackageName(name),
            let version = paragraph["version"], DebianGrammar.isVersion(version),
            let architecture = paragraph["architecture"], DebianGrammar.isArchitecture(architecture),
            let digest = paragraph["sha256"].flatMap({ Digest(hex: $0) }),
            let size = paragraph["size"].flatMap({ UInt64($0) }), size > 0,
            let poolPath = paragraph["filename"], DebianGrammar.isPoolPath(poolPath)
        else { return nil }
        self.init(
            name: name, version: version, architecture: architecture, digest: digest, size: size, poolPath: poolPath)
    }
}
