import Testing

@testable import BakeModel

@Suite struct LockFileTests {
    private static let digest = String(repeating: "a", count: 64)

    private static func package(_ name: String) throws -> LockedPackage {
        LockedPackage(
            name: name, version: "1:1.0~rc1+b1", architecture: "all", digest: try #require(Digest(hex: digest)),
            size: 7,
            poolPath: "pool/main/x/\(name)_1.0_all.deb")
    }

    private static func lock() throws -> Lock {
        let packages = LockedPackages(
            suite: "bookworm", architecture: "amd64", asked: ["g++", "abc"],
            closure: [try package("g++"), try package("abc")])
        let file = LockedPackageFile(
            path: try TreePath(cleaning: "pkg/größe.deb"), name: "app", relations: try #require(Digest(hex: digest)))
        let added = LockedPackages(
            suite: "bookworm", architecture: "amd64", asked: [], files: [file],
            components: ["main", "non-free-firmware"],
            mirrors: [
                try #require(DebianMirrorAddress("http://m.example/debian/")),
                try #require(DebianMirrorAddress("https://m.example/security bookworm-security")),
            ],
            closure: [], base: Digest(hex: digest))
        let imported = LockedImport(path: "/srv/größe \"x\".tar", digest: try #require(Digest(hex: digest)))
        return Lock(
            packages: [
                try #require(StageName("os")): packages, try #require(StageName("db")): packages,
                try #require(StageName("zz")): added,
            ],
            imports: [try #require(StageName("base")): imported])
    }

    @Test func whatIsWrittenIsRead() throws {
        let lock = try Self.lock()
        #expect(try LockFile.parse(LockFile.text(of: lock).utf8) == lock)
        #expect(try LockFile.parse(LockFile.text(of: Lock()).utf8) == Lock())
    }

    @Test func aPackageIsALineSoThatDiffsAreLists() throws {
        let lines = LockFile.text(of: try Self.lock()).split(separator: "\n")
        let named = lines.filter { $0.contains("\"version\"") }
        #expect(named.count == 4)
        #expect(named[0].contains("\"name\": \"abc\"") && named[1].contains("\"name\": \"g++\""))
        #expect(lines.firstIndex { $0.contains("\"db\"") } ?? 0 < lines.firstIndex { $0.contains("\"os\"") } ?? 0)
    }

    /// Each replaces what a good lock says.
    @Test(arguments: [
        ("bake/lock/1", "bake/lock/2"), ("\"suite\"", "\"suit\""), ("bookworm", "../etc"), ("amd64", "amd64;x"),
        ("\"size\": 7", "\"size\": 0"), ("\"size\": 7", "\"size\": -7"), ("\"size\": 7", "\"size\": \"7\""),
        ("1:1.0~rc1+b1", "1.0 -o X"), ("pool/main/x/abc", "pool/../x/abc"), ("pool/main/x/abc", "/pool/abc"),
        ("pool/main/x/abc", "pool//abc"), ("\"name\": \"abc\"", "\"name\": \"g++\""),
        ("\"name\": \"abc\"", "\"name\": \"-abc\""), ("sha256:a", "sha256:A"), ("\"os\":", "\"OS\":"),
        ("\"path\": \"/srv", "\"path\": \"srv"), ("\"asked\": [\"abc\"", "\"asked\": [\"a b\""),
        ("\"schema\"", "\"x\": 1, \"schema\""), ("pkg/größe.deb", "../größe.deb"), ("\"app\"", "\"-app\""),
        ("non-free-firmware", "a b"), ("http://m.example/debian", "http://u@m.example/debian"),
        ("\"relations\"", "\"relation\""), ("\"base\": \"sha256:a", "\"base\": \"a"),
    ])
    func whatIsWrongIsRefused(good: String, bad: String) throws {
        let text = LockFile.text(of: try Self.lock())
        let range = try #require(text.firstRange(of: good))
        let changed = text.replacingCharacters(in: range, with: bad)
        #expect(throws: LockFileFault.self) { try LockFile.parse(changed.utf8) }
    }

    @Test func theFaultNamesThePlace() throws {
        let text = LockFile.text(of: try Self.lock())
        let range = try #require(text.firstRange(of: "\"size\": 7"))
        let changed = text.replacingCharacters(in: range, with: "\"size\": 0")
        #expect(throws: LockFileFault.malformed("packages.db.closure[0].size", "it must be a number of bytes")) {
            try LockFile.parse(changed.utf8)
        }
        #expect(throws: LockFileFault.notJSON(.unexpected(offset: 0))) { try LockFile.parse("x".utf8) }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
