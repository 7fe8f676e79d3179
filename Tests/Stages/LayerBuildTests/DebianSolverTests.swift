import BakeModel
import Testing

@testable import LayerBuild

/// apt's own solver over archives made by apt-ftparchive; no network.
@Suite struct DebianSolverTests {
    private static func paragraph(_ name: String, _ version: String = "1.0", _ more: String...) -> String {
        (["Package: \(name)", "Version: \(version)", "Architecture: all"] + more).joined(separator: "\n")
    }

    /// A suite and its security archive, named by a list and by a deb822 file.
    private static func archive() throws -> TemporaryArchive {
        let archive = try TemporaryArchive()
        try archive.add(
            "debian", suite: "bookworm", origin: "Debian",
            packages: [
                paragraph("base-files", "12", "Essential: yes"), paragraph("passwd", "1:4.13", "Priority: required"),
                paragraph("apt", "2.6", "Depends: libapt"), paragraph("libapt", "2.6"),
                paragraph("web", "1.0", "Depends: web-common", "Recommends: extra"), paragraph("web-common"),
                paragraph("extra"), paragraph("postfix", "3", "Provides: mta"),
                paragraph("exim4", "4", "Provides: mta"),
                paragraph("broken", "1", "Depends: nowhere"),
            ])
        try archive.add(
            "debian-security", suite: "bookworm-security", origin: "Debian",
            packages: [paragraph("web", "1.0+deb12u1", "Depends: web-common")])
        try archive.write(
            "sources.list",
            """
            # the machine's own
            deb [trusted=yes] file:\(archive.path)/debian bookworm main
            deb [trusted=yes] http://127.0.0.1:9/elsewhere trixie main
            """)
        let security = """
            Types: deb
            URIs: file:\(archive.path)/debian-security
            Suites: bookworm-security
            Components: main
            Trusted: yes
            """
        try archive.write("sources.list.d/security.sources", security)
        return archive
    }

    @Test func theClosureIsWhatIsEssentialRequiredAndNeeded() throws {
        let archive = try Self.archive()
        let packages = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web", "web"])
            .packages
        let found = packages.closure.map { "\($0.name) \($0.version)" }
        #expect(
            found == ["apt 2.6", "base-files 12", "libapt 2.6", "passwd 1:4.13", "web 1.0+deb12u1", "web-common 1.0"])
        #expect(packages.asked == ["web"])
        for package in packages.closure {
            let name = package.name == "web" ? "debian-security" : "debian"
            let said = try archive.shell(
                "cd \(archive.path)/\(name); sha256sum \(package.poolPath); stat -c %s \(package.poolPath)")
            #expect(said == "\(package.digest.hex)  \(package.poolPath)\n\(package.size)\n")
        }
    }

    @Test func strangersAreIgnoredWhetherTheyAnswerOrNot() throws {
        let archive = try Self.archive()
        try archive.add("tool", suite: "bookworm", origin: "Tool", packages: [Self.paragraph("web", "9")])
        try archive.write(
            "sources.list.d/tool.list",
            """
            deb [trusted=yes] file:\(archive.path)/tool bookworm main
            deb http://127.0.0.1:9/silent bookworm main
            """)
        let solution = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"])
        #expect(solution.packages.closure.first { $0.name == "web" }?.version == "1.0+deb12u1")
        #expect(
            solution.ignoredArchives == [
                "file:\(archive.path)/tool bookworm: its origin is \"Tool\"",
                "http://127.0.0.1:9/silent bookworm: it does not answer",
            ])
    }

    @Test func aSilentArchiveOfDebianIsAnError() throws {
        let archive = try Self.archive()
        try archive.write("sources.list.d/updates.list", "deb http://127.0.0.1:9/debian bookworm-updates main\n")
        let fault = #expect(throws: DebianFault.self) {
            try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"])
        }
        #expect(fault?.subject == "http://127.0.0.1:9/debian bookworm-updates")
    }

    @Test func anUnknownPackageIsNotFoundAndTheNearestIsNamed() throws {
        let archive = try Self.archive()
        let fault = #expect(throws: DebianFault.self) {
            try DebianSolver(machine: archive.machine).solve(
                suite: "bookworm", asked: ["web-comon", "extra", "psotfix"])
        }
        #expect(fault?.exit == .notFound)
        #expect(fault?.subject == "web-comon, psotfix")
        #expect(fault?.hint == "did you mean \"web-common\"? did you mean \"postfix\"?")
    }

    @Test(arguments: [("mta", ExitCode.notFound), ("broken", .failed), ("web=1.0", .usage), ("?essential", .usage)])
    func otherWishesAreRefused(name: String, code: ExitCode) throws {
        let archive = try Self.archive()
        let fault = #expect(throws: DebianFault.self) {
            try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: [name])
        }
        #expect(fault?.exit == code)
        #expect(fault?.subject == name)
        if name == "broken" { #expect(fault?.reason.contains("nowhere") == true) }
    }

    @Test func aSuiteThatNoSourceNamesIsNotFound() throws {
        let archive = try Self.archive()
        let fault = #expect(throws: DebianFault.self) {
            try DebianSolver(machine: archive.machine).solve(suite: "sid", asked: ["web"])
        }
        #expect(fault?.exit == .notFound)
    }

    @Test func aStageOnAnotherKeepsItsVersionsAndAddsTheRest() throws {
        let archive = try Self.archive()
        let solver = DebianSolver(machine: archive.machine)
        let below = try solver.solve(suite: "bookworm", asked: ["web"]).packages.closure
        let status = below.map {
            "Package: \($0.name)\nStatus: install ok installed\nArchitecture: \($0.architecture)\nVersion: \($0.version)\n"
        }
        let base = InstalledPackages(status: status.joined(separator: "\n"), release: "VERSION_CODENAME=bookworm\n")
        #expect(base.suite == "bookworm")
        let added = try solver.solve(suite: "bookworm", asked: ["extra", "web"], on: base).packages
        #expect(added.closure.map(\.name) == ["extra"])
        #expect(added.base == base.list.digest)
    }

    @Test func packagesAreFetchedOnceByDigestFromWhicheverArchiveHasThem() throws {
        let archive = try Self.archive()
        let locked = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"]).packages
        let fetch = DebianFetch(machine: archive.machine, store: archive.store)
        var arrived: [String] = []
        try fetch.fetch(locked) { arrived.append($0.name) }
        #expect(arrived.sorted() == locked.closure.map(\.name))
        #expect(locked.closure.allSatisfy { archive.store.contains($0.digest) })
        // With the archives gone, what is in the store needs none.
        try archive.shell("rm -r \(archive.path)/debian \(archive.path)/debian-security")
        try fetch.fetch(locked) { _ in Issue.record("nothing was missing") }
    }

    @Test func otherBytesUnderAPackagesNameAreRefused() throws {
        let archive = try Self.archive()
        let locked = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"]).packages
        let changed = "\(archive.path)/debian/\(locked.closure[0].poolPath)"
        try archive.shell("dd if=/dev/zero of=\(changed) bs=1 seek=20 count=8 conv=notrunc")
        let fault = #expect(throws: DebianFault.self) {
            try DebianFetch(machine: archive.machine, store: archive.store).fetch(locked)
        }
        #expect(fault?.subject == "apt 2.6")
        #expect(fault?.reason.contains("other bytes than the lock pins") == true)
        #expect(fault?.hint?.contains("bake lock --update") == true)
        #expect(!archive.store.contains(locked.closure[0].digest))
    }

    @Test func whatNoArchiveHasIsNamedWithItsVersion() throws {
        let archive = try Self.archive()
        let locked = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"]).packages
        try archive.shell("rm \(archive.path)/debian/\(locked.closure[0].poolPath)")
        let fault = #expect(throws: DebianFault.self) {
            try DebianFetch(machine: archive.machine, store: archive.store).fetch(locked)
        }
        #expect(fault?.subject == "apt 2.6")
        #expect(fault?.reason.contains("no archive has it any more") == true)
        #expect(fault?.hint?.contains("bake lock") == true)
    }

    @Test func aDeadMirrorIsSaidToBeDead() throws {
        let archive = try Self.archive()
        let locked = try DebianSolver(machine: archive.machine).solve(suite: "bookworm", asked: ["web"]).packages
        try archive.shell("rm \(archive.path)/etc/sources.list.d/*")
        try archive.write("sources.list", "deb http://127.0.0.1:9/debian bookworm main\n")
        let fault = #expect(throws: DebianFault.self) {
            try DebianFetch(machine: archive.machine, store: archive.store).fetch(locked)
        }
        #expect(fault?.reason.contains("no archive answers") == true)
        let left = try archive.shell("find \(archive.path)/store/tmp \(archive.path)/store/blobs -type f")
        #expect(left.isEmpty)
    }
}
