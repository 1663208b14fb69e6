/** The words of the faults panel, kept apart from those of the chat. */
const EN = {
  faults: "Faults…", faultsTitle: "What goes wrong", editLast: "Edit my last message…", deleteLast: "Delete my last message", newPerson: "Give this number to somebody else…",
  newPersonNote: "The number gets a new owner with a new user id. Nobody tells the business.", newText: "New text", seed: "Seed", limits: "Meta's speed limits are on", arrange: "Apply", allOff: "Switch everything off",
  nextTime: "Next time", noted: "It will happen the next time", off: "Everything is switched off", applied: "Applied", never: "never", sometimes: "sometimes (10 %)", often: "often (50 %)", always: "always",
  struck: "times so far", code: "Error code", state: "Account", normal: "in order", tokenExpired: "access token expired", billing: "payment problem", tell: "Send this news", news: "News about the account", templates: "Templates",
  noTemplates: "The business has no templates yet.", onWebhooks: "Webhooks", onSends: "Sent messages", onFiles: "Files", onPlayers: "Players", edited: "edited", deleted: "You deleted this message", codeChanged: "Your security code changed.",
  duplicate: "A webhook comes twice", duplicate_parallel: "A webhook comes twice at the same moment", reorder: "Webhooks change places", bundle: "Webhooks come bundled", delay: "A webhook comes late", tampered_signature: "A forged copy comes first",
  withhold_statuses: "No sent or delivered notice ever comes", status_before_answer: "The delivered notice comes before the answer", answer_lost: "Taken, but the answer gets lost", connection_reset: "The line breaks, nothing taken",
  http_429: "Too many requests", http_500: "Server error", http_503: "Outage, answered by a proxy", error_answer: "Refused with an error code", error_status: "Taken, then failed with an error code", media_link_dead: "A file's link is dead",
  media_slow: "A file trickles in slowly", media_cut: "A file breaks off halfway", edit: "Players edit what they wrote", revoke: "Players delete what they wrote", number_change: "Players change their number", recycled_number: "Old numbers get new owners", system_message: "Security code notices",
};
const ES = {
  faults: "Fallas…", faultsTitle: "Qué sale mal", editLast: "Editar mi último mensaje…", deleteLast: "Eliminar mi último mensaje", newPerson: "Dar este número a otra persona…",
  newPersonNote: "El número pasa a otra persona con otro id de usuario. Nadie avisa a la empresa.", newText: "Texto nuevo", seed: "Semilla", limits: "Rigen los límites de velocidad de Meta", arrange: "Aplicar", allOff: "Apagar todo",
  nextTime: "La próxima vez", noted: "Pasará la próxima vez", off: "Todo está apagado", applied: "Aplicado", never: "nunca", sometimes: "a veces (10 %)", often: "a menudo (50 %)", always: "siempre",
  struck: "veces hasta ahora", code: "Código de error", state: "Cuenta", normal: "en orden", tokenExpired: "token de acceso vencido", billing: "problema de pago", tell: "Enviar este aviso", news: "Avisos sobre la cuenta", templates: "Plantillas",
  noTemplates: "La empresa aún no tiene plantillas.", onWebhooks: "Webhooks", onSends: "Mensajes enviados", onFiles: "Archivos", onPlayers: "Jugadores", edited: "editado", deleted: "Eliminaste este mensaje", codeChanged: "Tu código de seguridad cambió.",
  duplicate: "Un webhook llega dos veces", duplicate_parallel: "Un webhook llega dos veces a la vez", reorder: "Los webhooks cambian de lugar", bundle: "Los webhooks llegan en paquete", delay: "Un webhook llega tarde", tampered_signature: "Antes llega una copia falsificada",
  withhold_statuses: "Nunca llega aviso de enviado ni entregado", status_before_answer: "El aviso de entrega llega antes que la respuesta", answer_lost: "Aceptado, pero la respuesta se pierde", connection_reset: "Se corta la línea, nada aceptado",
  http_429: "Demasiadas solicitudes", http_500: "Error del servidor", http_503: "Caída, contesta un proxy", error_answer: "Rechazado con un código de error", error_status: "Aceptado y luego fallido con un código", media_link_dead: "El enlace de un archivo está muerto",
  media_slow: "Un archivo llega a cuentagotas", media_cut: "Un archivo se corta a la mitad", edit: "Los jugadores editan lo que escribieron", revoke: "Los jugadores eliminan lo que escribieron", number_change: "Los jugadores cambian de número", recycled_number: "Los números viejos cambian de dueño", system_message: "Avisos de código de seguridad",
};
const PT = {
  faults: "Falhas…", faultsTitle: "O que dá errado", editLast: "Editar minha última mensagem…", deleteLast: "Apagar minha última mensagem", newPerson: "Dar este número a outra pessoa…",
  newPersonNote: "O número passa a outra pessoa com outro id de usuário. Ninguém avisa a empresa.", newText: "Novo texto", seed: "Semente", limits: "Valem os limites de velocidade da Meta", arrange: "Aplicar", allOff: "Desligar tudo",
  nextTime: "Na próxima vez", noted: "Vai acontecer na próxima vez", off: "Tudo está desligado", applied: "Aplicado", never: "nunca", sometimes: "às vezes (10 %)", often: "muitas vezes (50 %)", always: "sempre",
  struck: "vezes até agora", code: "Código de erro", state: "Conta", normal: "em ordem", tokenExpired: "token de acesso vencido", billing: "problema de pagamento", tell: "Enviar este aviso", news: "Avisos sobre a conta", templates: "Modelos",
  noTemplates: "A empresa ainda não tem modelos.", onWebhooks: "Webhooks", onSends: "Mensagens enviadas", onFiles: "Arquivos", onPlayers: "Jogadores", edited: "editada", deleted: "Você apagou esta mensagem", codeChanged: "Seu código de segurança mudou.",
  duplicate: "Um webhook chega duas vezes", duplicate_parallel: "Um webhook chega duas vezes ao mesmo tempo", reorder: "Os webhooks trocam de lugar", bundle: "Os webhooks chegam em pacote", delay: "Um webhook chega tarde", tampered_signature: "Antes chega uma cópia forjada",
  withhold_statuses: "Nunca chega aviso de enviada nem entregue", status_before_answer: "O aviso de entrega chega antes da resposta", answer_lost: "Aceita, mas a resposta se perde", connection_reset: "A linha cai, nada aceito",
  http_429: "Pedidos demais", http_500: "Erro do servidor", http_503: "Queda, um proxy responde", error_answer: "Recusada com um código de erro", error_status: "Aceita e depois falha com um código", media_link_dead: "O link de um arquivo está morto",
  media_slow: "Um arquivo chega aos poucos", media_cut: "Um arquivo se corta na metade", edit: "Os jogadores editam o que escreveram", revoke: "Os jogadores apagam o que escreveram", number_change: "Os jogadores mudam de número", recycled_number: "Números velhos mudam de dono", system_message: "Avisos de código de segurança",
};
export const FAULT_WORDS = { en: EN, es: ES, pt: PT };
