import BakeModel
import LinuxSystem
import RootFilesystem

extension StageBuilder {
    /// Packages on top of a root: installed by the root's own apt, or its dpkg where it has no apt, offline, from exactly
    /// the pinned files.
    func packagesLayer(_ locked: LockedPackages, over root: BuiltStage, log: Descriptor) throws -> Layer? {
        let installed = try installedPackages(of: root)
        if let base = locked.base, base != installed.list.digest {
            throw DebianFault.otherBase(installed.list.difference(from: base, in: store))
        }
        guard !locked.closure.isEmpty else { return nil }
        try DebianFetch(machine: machine, store: store).fetch(locked)
        let archive = try DebianRepository(of: locked, store: store, machine: machine)
        defer { withExtendedLifetime(archive) {} }
        let name = "apt-get install \(locked.asked.joined(separator: " "))"
        return try succeed(name, request(locked, from: archive, over: root), log: log).layer
    }

    private func request(
        _ locked: LockedPackages, from archive: DebianRepository, over root: BuiltStage
    ) -> RunRequest {
        var request = RunRequest(
            layers: root.rootLayers, script: PackageInstallation.script(locked),
            environment: PackageInstallation.environment)
        request.directory = archive.path
        request.edits = DebianScrub.common
        return request
    }
}

/// The commands that install the packages of a lock in a root.
enum PackageInstallation {
    /// For the root's shell, in an empty `/work`; the archive is at `/run/input`.
    ///
    /// apt's state and caches lie in `/work` and go with it; only dpkg's database, apt's list of what came along with
    /// others, and the packages' files change in the root. A policy-rc.d that says no keeps services from being started.
    static func script(_ locked: LockedPackages) -> String {
        """
        mkdir -p lists/partial cache/archives/partial log
        MADE=
        if [ ! -e /usr/sbin/policy-rc.d ]; then
            mkdir -p /usr/sbin
            printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
            chmod 755 /usr/sbin/policy-rc.d
            MADE=yes
        fi
        if command -v apt-get >/dev/null; then
        \(byApt(locked))
        else
        \(byDpkg(locked))
        fi
        [ -z "$MADE" ] || rm /usr/sbin/policy-rc.d
        """
    }

    private static func byApt(_ locked: LockedPackages) -> String {
        let along = locked.closure.map(\.name).filter { !locked.asked.contains($0) }
        let wanted = locked.closure.map { "\($0.name)=\($0.version)" }.joined(separator: " ")
        let mark = along.isEmpty ? "true" : "apt-mark $APT auto $NEW >/dev/null"
        return """
            echo 'deb [trusted=yes] copy:/run/input \(locked.suite) main' > sources.list
            APT="-o Dir::Etc::sourcelist=$PWD/sources.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$PWD/lists"
            APT="$APT -o Dir::Cache=$PWD/cache -o Dir::Log=$PWD/log -o APT::Sandbox::User=root -o Dpkg::Use-Pty=false"
            APT="$APT -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Get::List-Cleanup=false"
            APT="$APT -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--log=$PWD/log/dpkg.log"
            NEW=
            for name in \(along.joined(separator: " ")); do
                dpkg-query -s "$name" >/dev/null 2>&1 || NEW="$NEW $name"
            done
            apt-get -qq $APT update
            apt-get -qq -y $APT install --no-install-recommends --no-remove --allow-downgrades \(wanted)
            [ -z "$NEW" ] || \(mark)
            """
    }

    /// For a root without apt. dpkg does not order what must be set up before another is unpacked (Pre-Depends): it
    /// refuses that one, and takes it the next time.
    private static func byDpkg(_ locked: LockedPackages) -> String {
        let files = locked.closure.map { "/run/input/pool/\($0.name).deb" }.joined(separator: " ")
        return """
            for pass in 1 2 3 4; do
                if dpkg --force-confold --log=$PWD/log/dpkg.log --install --skip-same-version \(files); then break; fi
                dpkg --force-confold --log=$PWD/log/dpkg.log --configure --pending || true
            done
            for name in \(locked.closure.map(\.name).joined(separator: " ")); do
                if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name")" != installed ]; then
                    echo "dpkg did not install $name" >&2
                    exit 1
                fi
            done
            """
    }

    /// What maintainer scripts find, beside what every sandbox has.
    static let environment = [
        "HOME=/nonexistent", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "DEBCONF_NONINTERACTIVE_SEEN=true",
    ]
}
