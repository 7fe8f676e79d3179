import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// Addresses, names, interfaces, mounts and the kernel's parameters, of this machine and of a small root.
@Suite struct NetworkStateTests {
    private func names(_ directory: TemporaryDirectory, resolver: String = "") throws -> HostNames {
        try directory.write("etc/hosts", "127.0.0.1 localhost web # a comment\n::1 localhost\n")
        try directory.write("etc/resolv.conf", resolver)
        return HostNames(try MountedRoot(at: directory.path))
    }

    @Test func dials() throws {
        let server = try TestServer()
        let directory = try TemporaryDirectory()
        let names = try names(directory)
        let root = try MountedRoot(at: directory.path)
        let port = server.address.split(separator: ":")[1]
        for (address, local, expected) in [
            ("127.0.0.1:\(port)", nil, true), ("web:\(port)", nil, true), ("localhost:\(port)", "127.0.0.1", true),
            ("127.0.0.1:1", nil, false), ("nobody-knows:80", nil, false), ("127.0.0.1:\(port)", "192.0.2.1", false),
        ] as [(String, String?, Bool)] {
            var request = AddressRequest(network: "tcp", address: address)
            request.localAddress = local
            #expect(try AddressState(request, names, root).value(of: .reachable) == .bool(expected), "\(address)")
        }
        let six = AddressRequest(network: "tcp6", address: "127.0.0.1:\(port)")
        #expect(try AddressState(six, names, root).value(of: .reachable) == .bool(false))
    }

    /// A server of Python's library, whose answers are written by hand after RFC 1035.
    private static let nameServer = """
        import socket, struct, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))
        print(s.getsockname()[1], flush=True)
        def name(n): return b''.join(bytes([len(l)]) + l.encode() for l in n.split('.') if l) + b'\\0'
        R = {('web.test', 1): [bytes([10, 0, 0, 2]), bytes([10, 0, 0, 1])], ('web.test', 28): [bytes(15) + b'\\1'],
             ('web.test', 15): [struct.pack('>H', 10) + name('mail.test')], ('web.test', 16): [b'\\5v=one\\3two'],
             ('web.test', 33): [struct.pack('>HHH', 1, 2, 80) + b'\\xc0\\x0c'], ('web.test', 257): [b'\\0\\5issueca.test'],
             ('web.test', 44): [bytes([4, 2, 0x0a, 0xbc, 0x00])],
             ('1.0.0.10.in-addr.arpa', 12): [name('web.test')], ('web.test', 2): [b'\\3ns1\\xc0\\x10']}
        while True:
            q, a = s.recvfrom(512)
            i, labels = 12, []
            while q[i]: labels.append(q[i + 1:i + 1 + q[i]].decode()); i += 1 + q[i]
            t = struct.unpack('>H', q[i + 1:i + 3])[0]
            n = '.'.join(labels)
            if n == 'silent.test': continue
            if n == 'loop.test':
                s.sendto(q[:2] + struct.pack('>HHHHH', 0x8180, 1, 1, 0, 0) + q[12:i + 5] + bytes([0xc0, i + 5]) * 40, a); continue
            r = R.get((n, t), [])
            s.sendto(q[:2] + struct.pack('>HHHHH', 0x8180 if r else 0x8183, 1, len(r), 0, 0) + q[12:i + 5]
                     + b''.join(b'\\xc0\\x0c' + struct.pack('>HHIH', t, 1, 60, len(d)) + d for d in r), a)
        """

    static let lookups: [(String, String)] = [
        ("A:web.test", "[\"10.0.0.1\",\"10.0.0.2\"]"), ("AAAA:web.test", "[\"::1\"]"),
        ("MX:web.test", "[\"10 mail.test.\"]"),
        ("TXT:web.test", "[\"two\",\"v=one\"]"), ("SRV:web.test", "[\"1 2 80 web.test.\"]"),
        ("CAA:web.test", "[\"0 issue ca.test\"]"), ("SSHFP:web.test", "[\"4 2 0ABC00\"]"),
        ("PTR:10.0.0.1", "[\"web.test.\"]"), ("NS:web.test", "[\"ns1.test.\"]"),
        ("web.test", "[\"10.0.0.1\",\"10.0.0.2\",\"::1\"]"),
        ("nope.test", "[]"), ("silent.test", "error"), ("loop.test", "error"),
    ]

    @Test func asksNameServers() throws {
        let (read, write) = try Descriptor.pipe()
        let child = try ChildProcess.start(
            "/usr/bin/python3", ["-c", Self.nameServer], environment: [], descriptors: [1: write])
        defer {
            child.kill()
            _ = try? child.wait()
        }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = try buffer.withUnsafeMutableBytes { try read.read(into: $0) }
        let port = String(decoding: buffer[..<count], as: UTF8.self).filter(\.isNumber)
        let names = try names(try TemporaryDirectory())
        for (subject, expected) in Self.lookups {
            let spec = try SpecFile(
                parsing: "dns: {\"\(subject)\": {resolvable: true, server: \"127.0.0.1:\(port)\", timeout: 300}}",
                name: "x")
            guard case .dns(let request) = spec.resources[0].inquiry else { continue }
            let found = (try? NameState(request, names).value(of: .addrs).shown) ?? "error"
            #expect(found == expected, "\(subject)")
        }
    }

    /// Without a server the image's own hosts and name servers are asked; what they do not know is not resolvable.
    @Test func knowsTheImagesHosts() throws {
        let names = try names(try TemporaryDirectory(), resolver: "nameserver 127.0.0.1\n")
        for (host, expected) in [
            ("localhost", "[\"127.0.0.1\",\"::1\"]"), ("web", "[\"127.0.0.1\"]"), ("nope.test", "[]"),
        ] {
            let state = NameState(NameRequest(host: host, type: nil), names)
            #expect(try state.value(of: .addrs).shown == expected)
            #expect(try state.value(of: .resolvable) == .bool(expected != "[]"))
        }
    }

    @Test func looksAtInterfaces() throws {
        let state = try InterfaceState("lo")
        #expect(try state.value(of: .exists) == .bool(true))
        let file = try String(contentsOfFile: "/sys/class/net/lo/mtu", encoding: .utf8)
        #expect(try state.value(of: .mtu).shown == file.trimmingCharacters(in: .whitespacesAndNewlines))
        guard case .list(let addresses) = try state.value(of: .addrs) else { return }
        #expect(addresses.contains(.text("127.0.0.1/8")))
        #expect(try InterfaceState("nope0").value(of: .exists) == .bool(false))
    }

    @Test func readsKernelParameters() throws {
        let expected = try String(contentsOfFile: "/proc/sys/kernel/ostype", encoding: .utf8)
        let state = try KernelParamState("kernel.ostype", processDirectory: "/proc")
        #expect(try state.value(of: .value).shown + "\n" == "\"\(expected.dropLast())\"\n")
        #expect(throws: StateError.self) { try KernelParamState("kernel.nope", processDirectory: "/proc") }
        #expect(throws: StateError.self) { try KernelParamState("../../etc/passwd", processDirectory: "/proc") }
    }

    @Test func readsMounts() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            "mountinfo",
            """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
            30 22 0:25 / /a\\040b ro,nosuid - tmpfs none rw,size=10k

            """)
        let table = "\(directory.path)/mountinfo"
        let state = try MountState("/a b", table: table, root: directory.path)
        #expect(try state.value(of: .exists) == .bool(true))
        #expect(try state.value(of: .opts).shown == "[\"ro\",\"nosuid\"]")
        #expect(try state.value(of: .vfsOpts).shown == "[\"rw\",\"size=10k\"]")
        #expect(try state.value(of: .source).shown == "\"none\"")
        #expect(try state.value(of: .filesystem).shown == "\"tmpfs\"")
        #expect(try MountState("/nope", table: table, root: "/").value(of: .exists) == .bool(false))
        guard case .number(let used) = try MountState("/", table: table, root: directory.path).value(of: .usage) else {
            return
        }
        #expect((0...100).contains(used))
    }
}
