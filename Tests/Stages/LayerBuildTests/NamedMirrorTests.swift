import BakeModel
import LinuxSystem
import Testing

@testable import LayerBuild

/// Archives that the pipeline names, signed by gpg; the machine's own sources name nothing.
@Suite struct NamedMirrorTests {
    private let archive: TemporaryArchive
    private let keyring: [UInt8]

    init() throws {
        archive = try TemporaryArchive()
        let packages = [
            "Package: base-files\nVersion: 12\nArchitecture: all\nEssential: yes",
            "Package: web\nVersion: 1\nArchitecture: all",
        ]
        try archive.add("mirror", suite: "ours", origin: "Example", packages: packages)
        try archive.shell(
            """
            export GNUPGHOME=\(archive.path)/gnupg; mkdir -m 700 $GNUPGHOME
            gpg --batch -q --passphrase '' --quick-gen-key n@example.org ed25519 sign never 2>/dev/null
            gpg --batch -q --export > \(archive.path)/keyring.gpg
            cd \(archive.path)/mirror/dists/ours; gpg --batch -q --clearsign -o InRelease Release
            gpgconf --kill all
            """)
        keyring = try DurableFile.read("\(archive.path)/keyring.gpg", limit: 1 << 20)
    }

    private func suite(
        _ mirrors: [String], components: [String] = [], keyring: DebianKeyring? = .commit(.root)
    ) throws -> DebianSuite {
        DebianSuite(
            "ours", components: components, mirrors: try mirrors.map { try #require(DebianMirrorAddress($0)) },
            keyring: keyring)
    }

    private func solve(_ suite: DebianSuite, keyring: [UInt8]?) throws -> LockedPackages {
        try DebianSolver(machine: archive.machine, store: archive.store)
            .solve(PackageRequest(suite: suite, asked: ["web"], keyring: keyring)).packages
    }

    @Test func itServesAndTheLockSaysSo() throws {
        let mirror = "file:\(archive.path)/mirror"
        let locked = try solve(try suite([mirror], components: ["main"]), keyring: keyring)
        #expect(locked.closure.map(\.name) == ["base-files", "web"])
        #expect(locked.mirrors.map(\.description) == [mirror] && locked.components == ["main"])
        #expect(
            try LockFile.parse(LockFile.text(of: Lock(packages: [.init("os")!: locked])).utf8).packages.values.first
                == locked)
        // The lock alone says where the packages come from; their hashes need no key.
        try DebianFetch(machine: archive.machine, store: archive.store).fetch(locked)
        #expect(locked.closure.allSatisfy { archive.store.contains($0.digest) })
    }

    @Test func aKeyOfThisMachineServesToo() throws {
        let path = "\(archive.path)/keyring.gpg"
        let locked = try solve(try suite(["file:\(archive.path)/mirror"], keyring: .machine(path)), keyring: nil)
        #expect(locked.closure.count == 2)
    }

    @Test func withoutItsKeyItIsRefused() throws {
        let fault = #expect(throws: DebianFault.self) {
            try solve(try suite(["file:\(archive.path)/mirror"], keyring: nil), keyring: nil)
        }
        #expect(fault?.reason.contains("not signed") == true || fault?.reason.contains("NO_PUBKEY") == true)
    }

    @Test func everyNamedArchiveMustAnswer() throws {
        let fault = #expect(throws: DebianFault.self) {
            try solve(try suite(["file:\(archive.path)/mirror", "http://127.0.0.1:9/debian other"]), keyring: keyring)
        }
        #expect(fault?.subject == "http://127.0.0.1:9/debian other")
    }

    @Test(arguments: [
        "ftp://x.example/debian", "http://", "http://u:p@x.example/d", "http://x.example/d a b", "/srv/debian",
    ])
    func otherAddressesAreNone(text: String) { #expect(DebianMirrorAddress(text) == nil) }

    @Test func aMisspeltSuiteIsSuggested() throws {
        try archive.write("sources.list", "deb [trusted=yes] file:\(archive.path)/mirror bookworm main\n")
        let fault = #expect(throws: DebianFault.self) {
            try DebianSolver(machine: archive.machine).solve(suite: "bokworm", asked: ["web"])
        }
        #expect(fault?.exit == .notFound)
        #expect(fault?.hint == "did you mean \"bookworm\"?")
    }
}
