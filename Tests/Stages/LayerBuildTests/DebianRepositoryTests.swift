import BakeModel
import BlobStorage
import Testing

@testable import LayerBuild

/// The archive on disk that a root is installed from, and what is said of it afterwards.
@Suite struct DebianRepositoryTests {
    private static func locked(_ archive: TemporaryArchive) throws -> LockedPackages {
        try archive.add(
            "debian", suite: "bookworm", origin: "Debian",
            packages: [
                "Package: base-files\nVersion: 12\nArchitecture: all\nEssential: yes",
                "Package: apt\nVersion: 2.6\nArchitecture: all",
                "Package: web\nVersion: 1\nArchitecture: all\nDepends: web-common",
                "Package: web-common\nVersion: 1\nArchitecture: all",
            ])
        try archive.write("sources.list", "deb [trusted=yes] file:\(archive.path)/debian bookworm main\n")
        let locked = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"]).packages
        try DebianFetch(machine: archive.machine, store: archive.store).fetch(locked)
        return locked
    }

    @Test func aptInstallsFromItAsFromAnArchive() throws {
        let archive = try TemporaryArchive()
        let repository = try DebianRepository(
            of: try Self.locked(archive), store: archive.store, machine: archive.machine)
        let source = DebianSource(
            uri: "copy:\(repository.path)", suite: "bookworm", components: ["main"], options: ["trusted": "yes"])
        let apt = try AptWorkspace(archive.machine, architecture: try archive.machine.architecture())
        try apt.use([source])
        _ = try apt.run(.aptGet, ["update"])
        let installed = try DebianSearch(apt: apt, suite: "bookworm").choose(["web"], with: ["base-files"])
        #expect(installed.mapValues(\.version) == ["base-files": "12", "web": "1", "web-common": "1"])
    }

    @Test func itGoesWithItsObject() throws {
        let archive = try TemporaryArchive()
        let locked = try Self.locked(archive)
        let path = try DebianRepository(of: locked, store: archive.store, machine: archive.machine).path
        #expect(throws: (any Error).self) { try archive.shell("ls \(path)") }
    }

    @Test func aDamagedPackageIsNotInstalled() throws {
        let archive = try TemporaryArchive()
        let locked = try Self.locked(archive)
        let blob = "\(archive.path)/store/blobs/sha256/\(locked.closure[0].digest.hex)"
        try archive.shell("chmod u+w \(blob); dd if=/dev/zero of=\(blob) bs=1 seek=30 count=4 conv=notrunc")
        #expect(throws: StoreError.self) {
            try DebianRepository(of: locked, store: archive.store, machine: archive.machine)
        }
    }

    /// What neither was asked for nor stands by itself came along; apt's names for it are those of apt-mark(8).
    @Test func whatCameAlongIsMarked() throws {
        let archive = try TemporaryArchive()
        let locked = try Self.locked(archive)
        let repository = try DebianRepository(of: locked, store: archive.store, machine: archive.machine)
        let states = DebianScrub.extendedStates(locked, standing: repository.standing)
        try archive.write("extended_states", states)
        let status = locked.closure.map {
            "Package: \($0.name)\nStatus: install ok installed\nVersion: \($0.version)\nArchitecture: all\n"
        }
        try archive.write("status", status.joined(separator: "\n"))
        let options =
            "-o Dir::State::status=\(archive.path)/etc/status -o Dir::State::extended_states=\(archive.path)/etc/extended_states"
        #expect(try archive.shell("apt-mark \(options) -o Dir::Cache=\(archive.path) showauto") == "web-common\n")
    }

    @Test func aListOfMirrorsStandsForItsLines() throws {
        let archive = try TemporaryArchive()
        try archive.write("mirrors.list", "# ours\nhttp://a.example/debian/\tpriority:1\n\nhttp://b.example/debian\n")
        let source = DebianSource(
            uri: "mirror+file:\(archive.path)/etc/mirrors.list", suite: "bookworm", components: ["main"], options: [:])
        #expect(try DebianMirror.archives(of: [source]) == ["http://a.example/debian", "http://b.example/debian"])
    }

    @Test func aRootNeedsAptAndDpkg() throws {
        let archive = try TemporaryArchive()
        let locked = try Self.locked(archive)
        let fault = #expect(throws: DebianFault.self) {
            try DebianRootPlan(locked, store: archive.store, machine: archive.machine)
        }
        #expect(fault?.subject == "dpkg")
    }
}
