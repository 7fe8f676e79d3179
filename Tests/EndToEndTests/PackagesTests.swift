import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// Packages on top of a stage, a `.deb` of the commit, and the lock that pins them.
@Suite struct PackagesTests {
    private let small: SmallRepository

    private static let pipeline = """
        name: small
        stages:
          os: { debian: bookworm, packages: [busybox-static] }
          app: { from: os, packages: [./pkg/app.deb, make] }
        image: app

        """

    init() throws { small = try SmallRepository() }

    private func bake(_ arguments: String..., wrapper: [String] = []) throws -> Screen {
        try small.bake(arguments, environment: DebianProxies.environment, wrapper: wrapper)
    }

    private func writePackage(_ version: String, needs: String) throws {
        let script = """
            set -e; rm -rf "$0"; mkdir -p "$0/DEBIAN" "$0/srv" "$1/pkg"; echo "$2" > "$0/srv/version"
            printf 'Package: app\nVersion: %s\nArchitecture: all\nMaintainer: N <n@e.org>\nDepends: %s\nDescription: t\n' \
              "$2" "$3" > "$0/DEBIAN/control"
            dpkg-deb --root-owner-group -b "$0" "$1/pkg/app.deb"
            """
        let build = "\(small.git.directory.path)/build"
        try ForeignTool.run("sh", ["-c", script, build, small.git.path, version, needs])
    }

    @Test("what a stage asks for is shown line by line before anything runs, where the lock does not say it")
    func stale() throws {
        try writePackage("1", needs: "jq")
        try small.git.commit(files: ["bake.yaml": Self.pipeline])
        let screen = try bake("build")
        #expect(screen.status == 2)
        #expect(
            screen.errors.contains("cannot apply small.lock: it was made for something else"), "\(screen.errors)")
        for line in ["os  + debian bookworm", "os  + busybox-static", "app  + make", "app  + ./pkg/app.deb"] {
            #expect(screen.errors.contains(line))
        }
        #expect(screen.errors.contains("hint: bake lock"))
    }

    @Test(
        "apt solves what a .deb of the commit needs; the store has it all from then on, without network; a new version of the file needs no new lock, other needs do"
    )
    func fileOnAStage() throws {
        try writePackage("1", needs: "jq")
        try small.git.commit(files: ["bake.yaml": Self.pipeline])
        let lock = try bake("lock")
        #expect(lock.status == 0, "\(lock.errors)")
        try small.git.commit("Lock")
        let first = try bake("build", "-q")
        #expect(first.line == "small@1", "\(first.errors)")
        let inside = try bake(
            "enter", "small@1", "--", "sh", "-c",
            "cat /srv/version; jq --version; make -v | head -n 1; apt-mark showauto jq app")
        #expect(inside.output == "1\njq-1.6\nGNU Make 4.3\njq\n")

        try writePackage("2", needs: "jq")
        try small.git.commit("Version 2")
        #expect(try bake("lock", "--check").status == 0)
        #expect(try bake("build", "-q", wrapper: ["/usr/bin/unshare", "-n"]).line == "small@2")

        let again = { try bake("build", "-q", "--from", "small@2", "--install", "pkg/app.deb", "--name", "tool") }
        try writePackage("2.1", needs: "jq")
        #expect(try again().line == "tool@1")
        #expect(try again().line == "tool@1")
        #expect(try bake("enter", "tool@1", "--", "cat", "/srv/version").output == "2.1\n")
        #expect(try bake("rebake", "tool@1").status == 0)

        try writePackage("3", needs: "patch")
        try small.git.commit("Other needs")
        let stale = try bake("build")
        #expect(stale.status == 2)
        #expect(stale.errors.contains("app  - ./pkg/app.deb with what it needs"), "\(stale.errors)")
        let check = try bake("lock", "--check", "--json")
        #expect(check.status == 1)
        let changed = try check.json()["packages"]?.items?.compactMap { item in
            (item["stage"]?.string).map {
                "\($0) \(item["name"]?.string ?? "") \(item["new"] == .null ? "gone" : "new")"
            }
        }
        #expect(changed == ["app jq gone", "app libjq1 gone", "app libonig5 gone", "app patch new"])
        #expect(try bake("lock", "--update", "nosuch").status == 4)
        try dpkgAlone()
    }

    /// A root whose apt is gone takes packages by its dpkg: cron's and libpam's scripts run, and order matters to them.
    private func dpkgAlone() throws {
        let pipeline = Self.pipeline.replacing(
            "app: { from: os, packages: [./pkg/app.deb, make] }",
            with: """
                bare: { from: os, remove: ["/usr/bin/apt*"] }
                  app: { from: bare, packages: [cron, make] }
                """)
        try small.git.commit(files: ["bake.yaml": pipeline])
        let lock = try bake("lock")
        #expect(lock.status == 0, "\(lock.errors)")
        try small.git.commit("Lock")
        let made = try bake("build", "-q")
        #expect(made.status == 0, "\(made.errors)")
        let inside = try bake(
            "enter", made.line, "--", "sh", "-c",
            "make -v | head -n 1; dpkg-query -W -f '${db:Status-Status}\n' cron; dpkg --audit; ls /usr/sbin/policy-rc.d"
        )
        #expect(inside.output == "GNU Make 4.3\ninstalled\n")
        #expect(try bake("rebake", made.line).status == 0)
    }
}
