import BakeModel
import BlobStorage
import Foundation
import LinuxSystem
import RootFilesystem
import Testing

@testable import LayerBuild

/// A real root from the machine's own archives. Slow: the packages of a whole root are installed twice.
@Suite struct DebianRootTests {
    @Test func theSamePackagesGiveTheSameLayer() throws {
        let archive = try TemporaryArchive()
        let machine = DebianMachine(
            temporary: archive.path, proxies: DebianMachine.proxies(in: ProcessInfo.processInfo.environment))
        let locked = try DebianSolver(machine: machine).solve(suite: "bookworm", asked: ["busybox-static"]).packages
        try DebianFetch(machine: machine, store: archive.store).fetch(locked)
        let first = try layer(locked, archive, machine)
        try RootWorkshop(store: archive.store, program: BuiltBake.program).removeCache()
        let second = try layer(locked, archive, machine)
        #expect(first == second)
        let listing = try archive.shell("tar -tvzf \(archive.path)/store/blobs/sha256/\(first.blob.hex)")
        for absent in [
            "etc/hostname", "etc/resolv.conf", "etc/apt/sources.list\n", "dpkg.log", "99mmdebstrap", "aux-cache",
        ] {
            #expect(!listing.contains(absent))
        }
        #expect(listing.contains(" bin/busybox\n") || listing.contains(" usr/bin/busybox\n"))
        try RootWorkshop(store: archive.store, program: BuiltBake.program).removeCache()
    }

    private func layer(_ locked: LockedPackages, _ archive: TemporaryArchive, _ machine: DebianMachine) throws -> Layer
    {
        let plan = try DebianRootPlan(locked, store: archive.store, machine: machine)
        let log = try Descriptor.open("\(archive.path)/log", O_WRONLY | O_CREAT | O_TRUNC)
        do {
            return try RootWorkshop(store: archive.store, program: BuiltBake.program).assemble(plan.request, log: log)
        } catch {
            Issue.record("\(error)\n\(try archive.shell("tail -n 20 \(archive.path)/log"))")
            throw error
        }
    }
}

/// The executable beside the test bundle.
enum BuiltBake {
    static var program: HelperProgram {
        let bundle = CommandLine.arguments.compactMap { argument in
            argument.range(of: ".xctest").map { URL(fileURLWithPath: String(argument[..<$0.upperBound])) }
        }
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let places = (bundle + [executable]).map { $0.deletingLastPathComponent().appending(path: "bake").path }
        return HelperProgram(path: places.first(where: FileManager.default.isExecutableFile) ?? "/nowhere/bake")
    }
}
