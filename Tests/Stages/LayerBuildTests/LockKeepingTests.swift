import BakeModel
import BlobStorage
import LinuxSystem
import Testing

@testable import LayerBuild

/// What stays in a lock and what moves. The archive has newer versions of everything, or has lost the older ones.
@Suite struct LockKeepingTests {
    private let archive: TemporaryArchive
    private let solver: DebianSolver

    private static func packages(_ version: String) -> [String] {
        [
            "Package: base-files\nVersion: 12\nArchitecture: all\nEssential: yes",
            "Package: web\nVersion: \(version)\nArchitecture: all\nDepends: web-common (= \(version)), lib",
            "Package: web-common\nVersion: \(version)\nArchitecture: all",
            "Package: lib\nVersion: \(version)\nArchitecture: all",
            "Package: tool\nVersion: \(version)\nArchitecture: all\nDepends: lib (>= \(version))",
            "Package: extra\nVersion: \(version)\nArchitecture: all",
        ]
    }

    init() throws {
        archive = try TemporaryArchive()
        try archive.add("debian", suite: "bookworm", origin: "Debian", packages: Self.packages("1"))
        try archive.write("sources.list", "deb [trusted=yes] file:\(archive.path)/debian bookworm main\n")
        solver = DebianSolver(machine: archive.machine, store: archive.store)
    }

    private func request(_ names: String..., files: [PackageFile] = []) -> PackageRequest {
        PackageRequest(suite: DebianSuite("bookworm"), asked: names, files: files)
    }

    private func versions(_ locked: LockedPackages) -> [String] { locked.closure.map { "\($0.name) \($0.version)" } }

    private func publishNewVersions(keepingOld: Bool = true) throws {
        if !keepingOld { try archive.shell("rm \(archive.path)/debian/pool/*_1_all.deb") }
        try archive.add(
            "debian", suite: "bookworm", origin: "Debian",
            packages: Self.packages("2").filter { !$0.contains("base-files") })
    }

    @Test func whatIsPinnedStaysAndAnAdditionMovesNothing() throws {
        let old = try solver.solve(request("web")).packages
        try publishNewVersions()
        #expect(try solver.solve(request("web"), keeping: old).packages == old)
        let more = try solver.solve(request("extra", "web"), keeping: old).packages
        #expect(versions(more) == ["base-files 12", "extra 2", "lib 1", "web 1", "web-common 1"])
        #expect(Set(old.closure).isSubset(of: more.closure))
    }

    @Test func anAdditionThatNeedsANewerPackageMovesThatOne() throws {
        let old = try solver.solve(request("web")).packages
        try publishNewVersions()
        let more = try solver.solve(request("tool", "web"), keeping: old).packages
        #expect(versions(more) == ["base-files 12", "lib 2", "tool 2", "web 1", "web-common 1"])
    }

    @Test func everythingMovesWhenAsked() throws {
        let old = try solver.solve(request("web")).packages
        try publishNewVersions()
        let new = try solver.solve(request("web"), keeping: old, update: .everything).packages
        #expect(versions(new) == ["base-files 12", "lib 2", "web 2", "web-common 2"])
    }

    @Test func aNamedPackageMovesWithWhatItNeeds() throws {
        let old = try solver.solve(request("web", "extra")).packages
        try publishNewVersions()
        let lib = try solver.solve(request("web", "extra"), keeping: old, update: .packages(["lib"])).packages
        #expect(versions(lib) == ["base-files 12", "extra 1", "lib 2", "web 1", "web-common 1"])
        let web = try solver.solve(request("web", "extra"), keeping: old, update: .packages(["web"])).packages
        #expect(versions(web).filter { $0.hasSuffix(" 1") } == ["extra 1"] || versions(web).contains("lib 1"))
        #expect(versions(web).contains("web 2") && versions(web).contains("web-common 2"))
        #expect(versions(web).contains("extra 1"))
    }

    @Test func whatTheArchiveLostStaysWhereTheStoreHasIt() throws {
        let old = try solver.solve(request("web")).packages
        try DebianFetch(machine: archive.machine, store: archive.store).fetch(old)
        try publishNewVersions(keepingOld: false)
        let more = try solver.solve(request("extra", "web"), keeping: old).packages
        #expect(versions(more) == ["base-files 12", "extra 2", "lib 1", "web 1", "web-common 1"])
        #expect(Set(old.closure).isSubset(of: more.closure))
    }

    @Test func whatNobodyHasMoves() throws {
        let old = try solver.solve(request("web")).packages
        try publishNewVersions(keepingOld: false)
        let new = try solver.solve(request("web"), keeping: old).packages
        #expect(versions(new) == ["base-files 12", "lib 2", "web 2", "web-common 2"])
    }

    @Test func whatStandsNeedsNoArchive() throws {
        let old = try solver.solve(request("web")).packages
        try DebianFetch(machine: archive.machine, store: archive.store).fetch(old)
        try archive.shell("rm -r \(archive.path)/debian")
        #expect(try solver.solve(request("web"), keeping: old).packages == old)
        #expect(throws: DebianFault.self) { try solver.solve(request("extra"), keeping: old) }
    }

    @Test func theRootBelowIsComparedPackageByPackage() throws {
        let old = PackageList(try solver.solve(request("web")).packages.closure)
        try publishNewVersions()
        let new = PackageList(try solver.solve(request("web", "extra")).packages.closure)
        #expect(new.difference(from: old.digest, in: archive.store).isEmpty)
        try old.keep(in: archive.store)
        #expect(
            new.difference(from: old.digest, in: archive.store) == [
                "+ extra all 2", "- lib all 1", "+ lib all 2", "- web all 1", "+ web all 2", "- web-common all 1",
                "+ web-common all 2",
            ])
        #expect(new.difference(from: new.digest, in: archive.store).isEmpty)
    }

    @Test func aFileBringsWhatItNeedsAndIsNotPinnedItself() throws {
        try archive.shell(
            """
            mkdir -p \(archive.path)/app/DEBIAN; cd \(archive.path)
            printf 'Package: app\\nVersion: 9\\nArchitecture: all\\nMaintainer: N <n@e.org>\\nDepends: tool\\nDescription: t\\n' \
              > app/DEBIAN/control
            dpkg-deb --root-owner-group -b app app.deb
            """)
        let bytes = try DurableFile.read("\(archive.path)/app.deb", limit: 1 << 20)
        let file = try PackageFile(bytes, at: try TreePath(cleaning: "pkg/app.deb"))
        let locked = try solver.solve(request("web", files: [file])).packages
        #expect(versions(locked) == ["base-files 12", "lib 1", "tool 1", "web 1", "web-common 1"])
        #expect(locked.files.map { "\($0.path) \($0.name)" } == ["pkg/app.deb app"])
        let twice = #expect(throws: DebianFault.self) { try solver.solve(request("app", files: [file])) }
        #expect(twice?.exit == .usage)
    }
}
