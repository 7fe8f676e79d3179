import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import RootFilesystem

/// The same road for a user who is not root: the same bytes.
@Suite struct UnprivilegedTests {
    @Test(.enabled(if: StrangerUser.found != nil, "no user of this machine has subordinate ids, or this is not root"))
    func sameBytesAsRoot() throws {
        let stranger = try #require(StrangerUser.found)
        let script = """
            touch /data/mine; chown 33:34 /data/mine; chmod 4755 /data/mine; rm /data/one; rm -r /data/sub; mkdir /data/sub
            id -u; hostname; cat /proc/self/uid_map | wc -l
            """
        let ours = try Workbench()
        let ownLayer = try ours.run([try ours.busybox()], script).outcome.layer
        let (theirLayer, log) = try stranger.perform { program in
            let bench = try Workbench(program: program)
            let base = try bench.busybox()
            let made = try bench.run([base], script)
            // Files of subordinate ids are removed inside the namespace.
            try bench.workshop.removeCache()
            #expect(try bench.leftovers() == [])
            return (made.outcome.layer, made.log)
        }
        expect(log, "0\nbake\n2\n")
        #expect(ownLayer != nil && theirLayer == ownLayer)
    }

    /// Without a group of one's own the limits of single processes stand in: they hold, and the program tells of it.
    @Test(.enabled(if: StrangerUser.found != nil, "no user of this machine has subordinate ids, or this is not root"))
    func limitsWithoutGroups() throws {
        let stranger = try #require(StrangerUser.found)
        let greedy = "dd if=/dev/zero of=/dev/null bs=200M count=1"
        let crowd = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1 & done; wait"
        let said = try stranger.perform { program in
            let bench = try Workbench(program: program)
            let base = try bench.busybox()
            let runs = try [
                (greedy, SandboxLimits(memory: 64 << 20)), (greedy, SandboxLimits(memory: 512 << 20)),
                (crowd, SandboxLimits(processes: 15)), (crowd, SandboxLimits()),
                ("cat /dev/zero > /tmp/zero", SandboxLimits(memory: 16 << 20)),
            ].map { try bench.run([base], $0.0, result: .nothing, limits: $0.1) }
            try bench.workshop.removeCache()
            return runs.map { ($0.outcome.ending.succeeded, $0.log) }
        }
        #expect(said.map(\.0) == [false, true, false, true, false])
        #expect(said[0].1.contains("memory") && said[2].1.contains("fork"))
        #expect(said[4].1.contains("No space left"), "a file in memory is memory")
    }
}

/// A user of this machine who is not root and has subordinate ids.
struct StrangerUser: Sendable {
    let user: UInt32
    let group: UInt32

    /// The first one that /etc/subuid names, where these tests run as root.
    static let found: StrangerUser? = {
        guard geteuid() == 0, let text = try? DurableFile.read("/etc/subuid", limit: 1 << 20) else { return nil }
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: ":")
            guard fields.count == 3, let entry = getpwnam(String(fields[0])), (Int(fields[2]) ?? 0) >= 65_535 else {
                continue
            }
            return StrangerUser(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
        }
        return nil
    }()

    /// Does work on a thread that is this user. It gets a copy of `bake` that this user may run.
    func perform<Value: Sendable>(_ work: @escaping @Sendable (HelperProgram) throws -> Value) throws -> Value {
        let directory = "/tmp/bake-rootfs-program-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // Copied by another process: a descriptor that this one writes through would be inherited by whatever a test
        // beside it starts, and the copy could not be run as long as that has it (ETXTBSY).
        let copy = try CompletedProcess.run(
            "/bin/cp", [BuiltBake.program.path, "\(directory)/bake"], environment: ["PATH=/usr/bin:/bin"])
        try #require(copy.ending.succeeded)
        return try Worker {
            try become()
            return try work(HelperProgram(path: "\(directory)/bake"))
        }.result()
    }

    /// The raw calls change this thread alone; glibc's would change the whole process.
    private func become() throws {
        typealias Call = @convention(c) (Int, Int, Int, Int) -> Int
        let call = try unsafeBitCast(#require(dlsym(nil, "syscall")), to: Call.self)
        #if arch(x86_64)
        let (setgroups, setresgid, setresuid) = (116, 119, 117)
        #else
        let (setgroups, setresgid, setresuid) = (159, 149, 147)
        #endif
        try SystemError.check("drop", "the groups") { call(setgroups, 0, 0, 0) }
        try SystemError.check("take", "the group") { call(setresgid, Int(group), Int(group), Int(group)) }
        try SystemError.check("take", "the user") { call(setresuid, Int(user), Int(user), Int(user)) }
    }
}
