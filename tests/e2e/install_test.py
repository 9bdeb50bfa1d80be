"""`cmake --install`: what it lays out starts as it is, and leaves the operator's configuration alone."""
import subprocess

from harness import BUILD, Calixo, RunningServer, main
from outside import PREFIX


class Installed(RunningServer):
    @classmethod
    def setUpClass(cls):
        cls.server = Calixo(PREFIX, config=PREFIX / "etc/calixo/calixo.properties")
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()

    def test_the_installed_server_serves_its_installed_plugins(self):
        self.assertEqual(self.call("GET", "/api/challenges?limit=1").status, 200)
        for line in self.server.command("plugins", "list").stdout.splitlines()[1:]:
            self.assertIn(str(PREFIX / "lib/calixo/plugins"), line)

    def test_the_service_names_what_was_installed(self):
        unit = (PREFIX / "lib/systemd/system/calixo.service").read_text()
        self.assertIn(f"ExecStart={PREFIX}/bin/calixo serve --config {PREFIX}/etc/calixo/calixo.properties", unit)
        self.assertNotIn("/opt/calixo", unit)

    def test_another_install_keeps_the_configuration_that_the_operator_changed(self):
        config = PREFIX / "etc/calixo/calixo.properties"
        original = config.read_text()
        self.addCleanup(config.write_text, original)
        config.write_text("http.idle_timeout_ms = 60000\n")
        subprocess.run(["cmake", "--install", BUILD, "--component", "server", "--prefix", PREFIX], check=True,
                       stdout=subprocess.DEVNULL)
        self.assertEqual(config.read_text(), "http.idle_timeout_ms = 60000\n")


if __name__ == "__main__":
    main()
