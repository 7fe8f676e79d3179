import BakeModel
import Foundation
import LinuxSystem
import TarArchive
import Testing

@testable import RootFilesystem

/// Roots packed, built by a program of the machine, and entered.
@Suite struct WorkshopTests {
    private let bench: Workbench
    private let base: Layer

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    @Test func packsPartsOfTheMergedRoot() throws {
        let made = try bench.run(
            [base],
            "rm /data/one; ln /data/two /data/zwei; mkdir /usr; mv /data/sub /usr/sub; ln -s /usr/sub /data/sub; mkfifo /data/pipe"
        ).outcome.layer
        let layers = [base, try #require(made)]
        let whole = try bench.listing(bench.workshop.pack(layers))
        #expect(!whole.contains { $0.contains(".wh.") || $0.contains("work") || $0.contains("resolv") })
        #expect(whole.contains("hrw-r--r-- 0/0 data/zwei link to data/two"))
        #expect(whole.contains("-rw-r--r-- 0/0 usr/sub/three"))
        #expect(
            try bench.listing(bench.workshop.pack(layers, subtree: treePath("data"))) == [
                "prw-r--r-- 0/0 pipe", "lrwxrwxrwx 0/0 sub -> /usr/sub", "-rw-r--r-- 0/0 two",
                "hrw-r--r-- 0/0 zwei link to two",
            ])
        // Links on the way and at the end are followed, and end inside the root.
        #expect(
            try bench.listing(bench.workshop.pack(layers, subtree: treePath("data/sub"))) == ["-rw-r--r-- 0/0 three"])
        #expect(try bench.listing(bench.workshop.pack(layers, subtree: treePath("bin/ls"))) == ["-rwxr-xr-x 0/0 ls"])
        #expect { try bench.workshop.pack(layers, subtree: treePath("data/one")) } throws: {
            ($0 as? RemoteError)?.subject == "/data/one"
        }
    }

    /// umoci applies our layer to the root below it, and its tree equals the one that the sandbox saw.
    @Test func strangersUnpackTheSame() throws {
        let script = """
            rm -r /data/sub; mkdir /data/sub; echo new > /data/sub/own; rm /data/one; ln /data/two /data/link
            chown 33:34 /data/two; chmod 2755 /data/sub; rm /etc/group; mkdir /etc/group
            """
        let change = try #require(try bench.run([base], script).outcome.layer)
        let foreign = "\(bench.directory)/foreign"
        try bench.writeImage([base, change], named: "test")
        try run("/usr/bin/umoci", "raw", "unpack", "--image", "\(bench.store.path):test", foreign)
        let ours = "\(bench.directory)/ours"
        let whole = try bench.workshop.pack([base, change])
        try FileManager.default.createDirectory(atPath: ours, withIntermediateDirectories: false)
        try run("/bin/tar", "-C", ours, "--same-owner", "-xpzf", bench.path(of: whole))
        let look = [ours, foreign].map { tree in
            (try? run("/usr/bin/find", tree, "-mindepth", "1", "-printf", "%P %y %m %U:%G %n %l\\n"))?.split(
                separator: "\n"
            ).sorted()
        }
        #expect(look[0] != nil && look[0] == look[1])
        #expect(look[0]?.contains("data/sub d 2755 0:0 2 ") == true)
    }

    @discardableResult
    private func run(_ program: String, _ arguments: String...) throws -> String {
        let done = try CompletedProcess.run(program, arguments, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"])
        try #require(done.ending.succeeded, "\(done.lastErrors)")
        return done.text
    }

    @Test func capabilitiesOfFilesLast() throws {
        // cap_net_bind_service+ep in the form of capability.h's version 2, little endian.
        let value: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        var tool = bench.file("bin/tool", mode: 0o755)
        tool.attributes = [
            ExtendedAttribute(name: "security.capability", value: value),
            ExtendedAttribute(name: "user.note", value: Array("n".utf8)),
        ]
        let layer = try bench.layer([tool], ["bin/tool": Array("#!/bin/sh\n".utf8)])
        let changed = try #require(try bench.run([base, layer], "mkdir /copy; mv /bin/tool /copy/tool").outcome.layer)
        var found: [TreePath: [ExtendedAttribute]] = [:]
        _ = try ArchiveReader.read(try bench.store.open(changed.blob)) { entry, _ in
            found[entry.path] = entry.attributes
        }
        // mv within one file system is a rename; what is renamed is copied up with its attributes.
        #expect(found[treePath("copy/tool")] == tool.attributes)
        let listed = try run(
            "/bin/tar", "--xattrs", "--xattrs-include=*", "-tvvzf", bench.path(of: changed), "copy/tool")
        #expect(listed.contains("x: 20 security.capability"))
    }

    /// A name of bytes that are no text, and a link to it.
    @Test func packsWhatIsNoText() throws {
        let made = try bench.run(
            [base],
            "mkdir /data/$(printf 'a\\377'); echo x > /data/$(printf 'a\\377')/in; ln -s $(printf 'a\\377') /data/l")
        let layers = [base] + [made.outcome.layer].compactMap(\.self)
        #expect(try bench.listing(bench.workshop.pack(layers, subtree: treePath("data/l"))) == ["-rw-r--r-- 0/0 in"])
    }

    @Test func hostProgramsBuildRoots() throws {
        let script = """
            set -e; umask 077
            mkdir -p "$1/etc" "$1/var/log" "$1/usr/bin"; chmod 755 "$1" "$1/etc" "$1/usr" "$1/usr/bin"; cp /bin/busybox "$1/usr/bin/sh"
            hostname > "$1/etc/hostname"; echo noise > "$1/var/log/a.log"; echo noise > "$1/var/log/b.txt"
            echo id > "$1/etc/machine-id"; chmod 444 "$1/etc/machine-id"; ln -s usr/bin "$1/bin"; chown 33:34 "$1/var"
            ls /proc/sys > /dev/null; id -u; cat /proc/net/dev | wc -l; echo "$TMPDIR" | wc -w
            touch "$TMPDIR/scratch"; (touch /bake-leak /etc/bake-leak) 2>&1 | grep -c 'Read-only file system'
            ls /home /root /etc/shadow /etc/ssh /run \(bench.store.path)/blobs 2>&1 | grep -c 'No such file'
            unshare -U true 2>&1 | grep -c 'not permitted'; grep NoNewPrivs /proc/self/status
            """
        let request = HostBuildRequest(
            program: "/bin/sh", arguments: ["-c", script, "build", HostBuildRequest.output],
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
            edits: [
                .remove("var/log/*.log"), .remove("absent/*"), .empty(treePath("etc/machine-id")),
                .write(treePath("etc/motd"), Array("hello\n".utf8), mode: 0o644),
            ])
        let log = "\(bench.directory)/log"
        let layer = try bench.workshop.assemble(request, log: try Descriptor.open(log, O_RDWR | O_CREAT))
        expect(
            String(decoding: try DurableFile.read(log, limit: 1 << 16), as: UTF8.self),
            "0\n3\n1\n2\n6\n1\nNoNewPrivs:\t1\n")
        #expect(
            try bench.listing(layer) == [
                "lrwxrwxrwx 0/0 bin -> usr/bin", "drwxr-xr-x 0/0 etc/", "-rw------- 0/0 etc/hostname",
                "-r--r--r-- 0/0 etc/machine-id", "-rw-r--r-- 0/0 etc/motd", "drwxr-xr-x 0/0 usr/",
                "drwxr-xr-x 0/0 usr/bin/", "-rwx------ 0/0 usr/bin/sh", "drwx------ 33/34 var/",
                "drwx------ 0/0 var/log/", "-rw------- 0/0 var/log/b.txt",
            ])
        // What was built is in the cache already, and is what the blob unpacks to.
        let find = [
            "/usr/bin/find", bench.cachePath(of: layer), "-printf",
            "%P %y %m %U:%G %s %T@\\n",
        ]
        let built = try run(find[0], find[1], find[2], find[3])
        try bench.workshop.removeCache()
        try bench.workshop.unpack([layer])
        expect(try run(find[0], find[1], find[2], find[3]), built)
    }

    /// What a directory keeps of a lower layer, of one that hides it, and of an attribute that no layer of bake's has.
    @Test func directoriesAreTheSameWithoutMount() throws {
        var noted = bench.directory("data", mode: 0o700, owner: Owner(user: 7, group: 8))
        noted.attributes = [
            ExtendedAttribute(name: "user.b", value: [2]), ExtendedAttribute(name: "user.a", value: [1]),
            ExtendedAttribute(name: "user.overlay.origin", value: [3]),
        ]
        let layer = try bench.layer([
            noted, bench.file("data/.wh.sub"), bench.directory("etc"), bench.file("etc/.wh..wh..opq"),
            bench.link("etc/up", to: "../data"),
        ])
        let paths = ["data/sub/new", "data/two/x", "etc/up/x", "etc/passwd/x", "bin/x"].map(treePath)
        let mounted = try bench.workshop.examine([base, layer], directories: paths)
        #expect(mounted[paths[0]]?.existing.last?.attributes.map(\.name) == ["user.a", "user.b"])
        for layer in [base, layer] { _ = try LayerContentsCache(store: bench.store).contents(of: layer) }
        let alone = RootWorkshop(store: bench.store, program: HelperProgram(path: "/nowhere/bake"))
        #expect(try alone.examine([base, layer], directories: paths) == mounted)
    }

    @Test func whatIsExportedIsRememberedByNobody() throws {
        let export = { try bench.workshop.export([base], subtree: .root).part.digest }
        let first = try export()
        #expect(!FileManager.default.fileExists(atPath: "\(bench.store.cache)/members"))
        // With members to copy it has the same bytes.
        #expect(try bench.workshop.pack([base]).blob == first)
        #expect(try export() == first)
    }

    @Test func pathsAreFollowedInTheRoot() throws {
        let layer = try bench.layer([
            bench.directory("usr"), bench.directory("usr/lib", mode: 0o2750, owner: Owner(user: 5, group: 6)),
            bench.link("lib", to: "usr/lib"), bench.link("abs", to: "/lib/x/../new"), bench.link("loop", to: "loop"),
            bench.link("out", to: "../../../usr"),
        ])
        try expectPathsFollowed(layer, bench.workshop)
        // Once their indexes are in the cache nothing is mounted: no helper is needed.
        for layer in [base, layer] { _ = try LayerContentsCache(store: bench.store).contents(of: layer) }
        try expectPathsFollowed(
            layer, RootWorkshop(store: bench.store, program: HelperProgram(path: "/nowhere/bake")))
    }

    private func expectPathsFollowed(_ layer: Layer, _ workshop: RootWorkshop) throws {
        let names = ["", "lib", "lib/deep/er", "abs/more", "out/lib", "bin/sh", "data/one/below"]
        let found = try workshop.examine([base, layer], directories: names.map(treePath))
        func look(_ name: String) -> String {
            guard let found = found[treePath(name)] else { return "nothing" }
            let existing = found.existing.map {
                "\($0.path) \(String($0.mode, radix: 8)) \($0.owner.user):\($0.owner.group)"
            }
            return (["\(found.path)"] + existing).joined(separator: ", ")
        }
        #expect(
            names.map(look) == [
                "", "usr/lib, usr 755 0:0, usr/lib 2750 5:6", "usr/lib/deep/er, usr 755 0:0, usr/lib 2750 5:6",
                "usr/lib/new/more, usr 755 0:0, usr/lib 2750 5:6", "usr/lib, usr 755 0:0, usr/lib 2750 5:6",
                "bin/busybox, bin 755 0:0", "data/one/below, data 755 0:0",
            ])
        #expect { try workshop.examine([layer], directories: [treePath("loop/x")]) } throws: {
            ($0 as? any ExplainedError)?.reason == "Too many levels of symbolic links"
        }
        #expect(try workshop.examine([], directories: [treePath("a/b")])[treePath("a/b")]?.existing == [])
    }

    @Test func failingHostProgramSaysSo() throws {
        let request = HostBuildRequest(program: "/bin/sh", arguments: ["-c", "exit 3"], environment: [])
        #expect { try bench.workshop.assemble(request, log: try Descriptor.open("/dev/null", O_RDWR)) } throws: {
            ($0 as? RemoteError)?.reason == "exit status 3"
        }
        #expect(try bench.leftovers() == [])
    }
}
