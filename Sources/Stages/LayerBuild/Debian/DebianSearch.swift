import BakeModel
import LinuxSystem

/// Questions to an apt that has read the indexes of a suite.
struct DebianSearch {
    let apt: AptWorkspace
    let suite: String

    /// The version of every package that is installed where nothing is installed yet.
    /// - Parameters:
    ///   - held: what is installed in any case, as arguments of apt.
    ///   - asked: names of packages.
    func choose(_ asked: [String], with held: [String]) throws -> [String: String] {
        let run = try apt.attempt(
            .aptGet, ["-s", "-q", "install", "--no-install-recommends", "--no-remove", "--"] + held + asked)
        guard run.ending.succeeded else { throw try explain(run, asked) }
        var versions: [String: String] = [:]
        for line in run.text.split(separator: "\n") {
            if let (name, version) = Self.installation(line) { versions[name] = version }
        }
        return versions
    }

    /// `Inst libc6 (2.36-9 Debian:12/stable [amd64]) []`: the name and the version.
    static func installation(_ line: some StringProtocol) -> (name: String, version: String)? {
        let words = line.split(separator: " ")
        guard words.count >= 3, words[0] == "Inst", words[2].hasPrefix("(") else { return nil }
        return (String(words[1]), String(words[2].dropFirst()))
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
