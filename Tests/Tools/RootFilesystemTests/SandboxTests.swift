import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import RootFilesystem

/// What a program in the sandbox finds, and what it cannot reach.
@Suite struct SandboxTests {
    private let bench: Workbench
    private let base: Layer

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    private func output(_ script: String, user: String? = nil) throws -> String {
        try bench.output([base], script, user: user)
    }

    @Test func environmentIsConstant() throws {
        // The shell adds PWD, SHLVL and OLDPWD by itself.
        let script = "env | grep -v -e ^PWD= -e ^SHLVL= -e ^OLDPWD= | sort; umask; hostname; id -u; id -G; pwd"
        expect(
            try output(script),
            """
            HOME=/root
            LANG=C.UTF-8
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            SOURCE_DATE_EPOCH=1577836800
            TZ=UTC
            0022
            bake
            0
            0
            /work

            """)
    }

    @Test func onlyLoopback() throws {
        expect(
            try output("ls /sys; cat /etc/resolv.conf; ip -o link | wc -l; ip -o link | grep -c 'LOOPBACK,UP'"),
            "1\n1\n")
        // A heading, and no route; two lines of heading, and one interface.
        expect(try output("wc -l < /proc/net/route; wc -l < /proc/net/dev"), "1\n3\n")
        let hosts = "127.0.0.1 localhost bake\n::1 localhost ip6-localhost ip6-loopback\nbake\n"
        expect(try output("cat /etc/hosts /etc/hostname"), hosts)
    }

    @Test func devices() throws {
        let names =
            "console\nfd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n"
        expect(try output("ls -1 /dev"), names.replacing("console\n", with: ""))
        expect(
            try output("echo x > /dev/null; head -c 3 /dev/zero | wc -c; echo s > /dev/shm/s; cat /dev/shm/s"), "3\ns\n"
        )
        expect(try output("mknod /dev/kmsg c 1 11 2>&1 | grep -c 'not permitted'; echo to > /dev/stderr"), "1\nto\n")
    }

    @Test func processesAreItsOwn() throws {
        // Process 1, the shell and ps.
        expect(try output("ps -o pid= > /tmp/list; wc -l < /tmp/list"), "3\n")
        expect(
            try output(
                "kill -9 1; echo alive; cat /proc/1/environ 2>&1 | grep -c denied; ls /proc/1/root 2>&1 | grep -c denied"
            ), "alive\n1\n1\n")
        expect(try output("ls -1 /proc/self/fd | wc -l"), "4\n")
    }

    /// In root's sandbox user 0 is the machine's user 0: the kernel would let it write here. The files are only opened, so
    /// that a failure of this test changes nothing.
    @Test func kernelSettingsCannotBeWritten() throws {
        let script = """
            for file in sys/kernel/core_pattern sys/kernel/hostname sys/vm/drop_caches sysrq-trigger; do
                (: >> /proc/$file) 2>/dev/null && echo "could write $file"
            done
            wc -c < /proc/timer_list; mount -t tmpfs t /data 2>/dev/null && echo mounted
            umount /proc/sys 2>/dev/null && echo unmounted
            unshare -U true 2>/dev/null && echo unshared; true
            """
        expect(try output(script), "0\n")
    }

    @Test func capabilitiesAreReduced() throws {
        // chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, sys_chroot, setfcap
        let bits = [0, 1, 3, 4, 5, 6, 7, 8, 10, 18, 31].reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        let hex = String(bits, radix: 16)
        let mask = String(repeating: "0", count: 16 - hex.count) + hex
        let none = String(repeating: "0", count: 16)
        let script =
            "grep -e CapInh -e CapPrm -e CapEff -e CapBnd -e CapAmb -e NoNewPrivs -e Seccomp: /proc/self/status"
        expect(
            try output(script),
            """
            CapInh:\t\(none)
            CapPrm:\t\(mask)
            CapEff:\t\(mask)
            CapBnd:\t\(mask)
            CapAmb:\t\(none)
            NoNewPrivs:\t1
            Seccomp:\t2

            """)
        #expect(try output(script, user: "www").contains("CapEff:\t\(none)\n"))
    }

    @Test func usersComeFromTheRoot() throws {
        expect(try output("id -u; id -g; id -G; echo $HOME", user: "www"), "33\n34\n34 50\n/var/www\n")
        expect(try output("id -u; id -g; id -G", user: "1000:www"), "1000\n34\n34\n")
        #expect(throws: RemoteError.self) { try output("true", user: "nobody") }
        #expect(throws: RemoteError.self) { try output("true", user: "65536") }
    }

    @Test func linksForMountPointsStayInside() throws {
        let hostile = try bench.layer([
            bench.directory("etc"), bench.link("etc/hosts", to: "/../../etc/passwd"), bench.link("tmp", to: "/data"),
            bench.link("etc/resolv.conf", to: "/run/absent"),
        ])
        let before = try DurableFile.read("/etc/passwd", limit: 1 << 20)
        // The mount follows the link inside the root: what is covered is the image's own file.
        expect(
            try bench.output([base, hostile], "echo gone > /tmp/x; cat /etc/passwd | wc -l; readlink /tmp"),
            "2\n/data\n")
        #expect(try DurableFile.read("/etc/passwd", limit: 1 << 20) == before)
        let noProc = try bench.layer([bench.file("proc")])
        #expect { try bench.output([base, noProc], "true") } throws: { ($0 as? RemoteError)?.subject == "/proc" }
    }

    /// Kill the one who asked, and everything is gone: no process, no mount.
    @Test func killedHelperLeavesNothing() throws {
        let marker = "3\(UInt32.random(in: 100_000...999_999))"
        let layers = [base]
        try bench.workshop.unpack(layers)
        let task = RunTask(RunRequest(layers: layers, script: "sleep \(marker) & sleep \(marker)", result: .nothing))
        let log = try Descriptor.open("/dev/null", O_RDWR)
        let call = try HelperCall.start(
            BuiltBake.program, RootHelper.name,
            request: task.request(to: Workplace(store: bench.store, compression: .fast)),
            descriptors: [RootDescriptor.log.rawValue: log], launcher: UserNamespace.launcher(network: .own))
        try waitUntil { Processes.count(with: marker) >= 2 }
        call.child.kill()
        #expect(throws: HelperFailure.self) { try call.finish(deadline: 10) }
        try waitUntil { Processes.count(with: marker) == 0 }
        #expect(try bench.leftovers().count == 1)
        try bench.workshop.unpack(layers)
        #expect(try bench.leftovers() == [])
    }

    /// The helper ends with the thread that asked, not only with the process.
    @Test func endOfTheAskingThreadEndsAll() throws {
        let marker = "3\(UInt32.random(in: 100_000...999_999))"
        let task = RunTask(RunRequest(layers: [base], script: "sleep \(marker) & sleep \(marker)", result: .nothing))
        let request = task.request(to: Workplace(store: bench.store, compression: .fast))
        let call = try Worker {
            let log = try Descriptor.open("/dev/null", O_RDWR)
            let call = try HelperCall.start(
                BuiltBake.program, RootHelper.name, request: request,
                descriptors: [RootDescriptor.log.rawValue: log], launcher: UserNamespace.launcher(network: .own))
            try waitUntil { Processes.count(with: marker) >= 2 }
            return call
        }.result()
        try waitUntil { Processes.count(with: marker) == 0 }
        #expect(throws: HelperFailure.self) { try call.finish(deadline: 10) }
    }
}

/// Waits for something that other processes do.
func waitUntil(_ condition: () -> Bool) throws {
    for _ in 0..<500 {
        if condition() { return }
        usleep(20_000)
    }
    throw SystemError("wait for", "a condition", number: ETIMEDOUT)
}
