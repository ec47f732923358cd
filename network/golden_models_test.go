package network_test

import (
	"slices"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/param"
)

// writtenModels are models of the reference as users write them, so that networks of several channels,
// phases and chaos are compared too. A model of the library of the same name takes precedence.
var writtenModels = []models.Model{
	written("Kuramoto", []string{"theta"}, []string{"omega"}, 1, `dtheta/dt = omega + c_instant + c_delayed`),
	written("Linear", []string{"x"}, []string{"gamma"}, 1, `dx/dt = gamma*x + c_instant + c_delayed`),
	written("MontbrioPazoRoxin", []string{"r", "V"}, []string{"tau", "I", "Delta", "J", "eta", "cr", "cv"}, 2, `
		dr/dt = 1/tau*(Delta/(pi*tau) + 2*V*r)
		dV/dt = 1/tau*(V**2 - (pi*tau*r)**2 + eta + J*tau*r + I + cr*(c_instant0 + c_delayed0) + cv*(c_instant1 + c_delayed1))`),
	auxiliaries(written("WilsonCowan", []string{"E", "I"}, []string{"c_ee", "c_ei", "c_ie", "c_ii", "tau_e", "tau_i", "a_e", "b_e", "c_e", "theta_e",
		"a_i", "b_i", "c_i", "theta_i", "r_e", "r_i", "k_e", "k_i", "P", "Q", "alpha_e", "alpha_i", "shift_sigmoid"}, 1, `
		x_e = alpha_e*(c_ee*E - c_ei*I + P - theta_e + c_delayed)
		x_i = alpha_i*(c_ie*E - c_ii*I + Q - theta_i)
		S_e = c_e*sigmoid(a_e*(x_e - b_e)) - shift_sigmoid*c_e/(1 + exp(a_e*b_e))
		S_i = c_i*sigmoid(a_i*(x_i - b_i)) - shift_sigmoid*c_i/(1 + exp(a_i*b_i))
		dE/dt = (-E + (k_e - r_e*E)*S_e)/tau_e
		dI/dt = (-I + (k_i - r_i*I)*S_i)/tau_i`), "S_e", "S_i"),
	lorenz("Lorenz", []string{"sigma", "rho", "beta"}, "sigma"),
	lorenz("FlexibleLorenz", []string{"sigma", "rho", "beta", "modulation_strength"}, "sigma*(1 + modulation_strength*c_modulatory)"),
	auxiliaries(written("CoombesByrne2D", []string{"r", "V"}, []string{"Delta", "eta", "k", "v_syn"}, 1, `
		g = k*pi*r
		dr/dt = Delta/pi + 2*V*r - g*r
		dV/dt = V**2 - (pi*r)**2 + eta + (v_syn - V)*g + c_instant + c_delayed`), "g"),
	auxiliaries(written("WongWangExcInh", []string{"S_e", "S_i"}, []string{"a_e", "b_e", "d_e", "gamma_e", "tau_e", "w_p", "W_e", "a_i", "b_i", "d_i", "gamma_i", "tau_i",
		"W_i", "J_N", "J_i", "I_o", "I_ext", "G", "lamda"}, 1, `
		C = G*J_N*(c_instant + c_delayed)
		x_e = w_p*J_N*S_e - J_i*S_i + W_e*I_o + C + I_ext
		H_e = linoid(d_e*(a_e*x_e - b_e))/d_e
		dS_e/dt = -S_e/tau_e + (1 - S_e)*H_e*gamma_e
		x_i = J_N*S_e - S_i + W_i*I_o + lamda*C
		H_i = linoid(d_i*(a_i*x_i - b_i))/d_i
		dS_i/dt = -S_i/tau_i + H_i*gamma_i`), "H_e", "H_i"),
}

// written is a model with the inputs "instant" and "delayed" of that many channels.
func written(name string, states, params []string, channels int, equations string) models.Model {
	m := models.Model{Name: name, Equations: equations}
	for _, s := range states {
		m.States = append(m.States, models.State{Name: s})
	}
	for _, p := range params {
		m.Params = append(m.Params, param.Spec{Name: p})
	}
	for _, input := range []string{"instant", "delayed"} {
		in := models.Input{Name: input, Instant: input == "instant", Symbols: []string{"c_" + input}}
		if channels == 2 {
			in.Symbols = []string{"c_" + input + "0", "c_" + input + "1"}
		}
		m.Inputs = append(m.Inputs, in)
	}
	return m
}

func auxiliaries(m models.Model, names ...string) models.Model {
	m.Auxiliaries = names
	return m
}

// lorenz is a model with an input into x and one that modulates sigma.
func lorenz(name string, params []string, sigma string) models.Model {
	m := written(name, []string{"x", "y", "z"}, params, 1, `
		dx/dt = `+sigma+`*(y - x) + c_structural
		dy/dt = x*(rho - z) - y
		dz/dt = x*y - beta*z`)
	m.Inputs = []models.Input{{Name: "structural", Symbols: []string{"c_structural"}}, {Name: "modulatory", Symbols: []string{"c_modulatory"}}}
	return m
}

// modelNamed is the model of a name: the library's, or else one written here.
func modelNamed(name string) (models.Model, bool) {
	all := append(models.All(), writtenModels...)
	i := slices.IndexFunc(all, func(m models.Model) bool { return m.Name == name })
	if i < 0 {
		return models.Model{}, false
	}
	return all[i], true
}

// kuramoto sends phases as a pair of signals; the sine of differences follows from the angle identity.
func kuramoto(states []string) coupling.Coupling {
	c := coupling.Linear(states[0]).Instant()
	c.Name, c.Params, c.LocalSymbols = "Kuramoto", c.Params[:1], []string{"x_i"}
	c.Signal, c.Post = "a = sin(x); b = cos(x)", "c = G*(a*cos(x_i) - b*sin(x_i))"
	return c
}
